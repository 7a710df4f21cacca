import { expect } from 'chai';
import { Writable } from 'node:stream';
import { formatCount } from '../../operations/terminal/format.ts';
import { startProgress } from '../../operations/terminal/progress.ts';

describe('counting for a person', () => {
  it('uses the singular for one alone', () => {
    expect([0, 1, 2, 1200].map((count) => formatCount(count, 'email'))).to.deep.equal([
      '0 emails',
      '1 email',
      '2 emails',
      '1,200 emails',
    ]);
  });

  it('shows progress in a few lines where there is no terminal', () => {
    let printed = '';
    const output = new Writable({
      write: (chunk: Buffer, _, done) => {
        printed += chunk.toString();
        done();
      },
    });
    const progress = startProgress(1, 'purchases', output);
    progress.update(1);
    expect(printed).to.equal('1 of 1 purchase\n');
  });
});
