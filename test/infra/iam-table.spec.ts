import { readFile } from 'node:fs/promises';
import { expect } from 'chai';
import { withIamTable } from '../../infra/iam-table.ts';

describe('the table of who may do what', () => {
  it('is as the program grants it: npm run iam-table', async function () {
    this.timeout(60_000);
    const text = await readFile('docs/architecture.md', 'utf8');
    expect(await withIamTable(text)).to.equal(text);
    expect(text).to.match(/\| everybody +\| `roles\/run\.invoker` +\| function `unsubscribe` +\|/u);
  });
});
