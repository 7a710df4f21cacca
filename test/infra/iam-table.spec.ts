import { readFile } from 'node:fs/promises';
import { expect } from 'chai';
import { withIamTable } from '../../infra/iam-table.ts';

describe('the table of IAM grants', () => {
  it('is what the program grants (update it with npm run iam-table)', async function () {
    this.timeout(60_000);
    const text = await readFile('docs/architecture.md', 'utf8');
    expect(await withIamTable(text)).to.equal(text);
    expect(text).to.match(/\| everyone +\| `roles\/run\.invoker` +\| function `unsubscribe` +\|/u);
  });
});
