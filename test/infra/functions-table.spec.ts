import { readFileSync } from 'node:fs';
import { expect } from 'chai';
import { readManifest } from '../../functions/manifest.ts';
import { withFunctionsTable } from '../../infra/functions-table.ts';
import { tableBelow } from '../support/markdown-table.ts';

describe('the table of the functions', () => {
  const text = readFileSync('docs/architecture.md', 'utf8');

  it('matches the manifest (to update it: npm run functions-table)', () => {
    expect(withFunctionsTable(text)).to.equal(text);
    expect(text).to.match(/\| `recordTransaction` +\| topic `transactions` +\|/u);
  });

  it('is followed by what each function does', () => {
    const described = tableBelow('What each function does', text).map((row) => row['Function']);
    expect(described).to.deep.equal(readManifest().functions.map(({ name }) => name));
  });

  it('cannot be written into a document without its place', () => {
    expect(() => withFunctionsTable('# Architecture\n')).to.throw('has no line <!-- functions:');
  });
});
