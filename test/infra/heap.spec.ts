import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { expect } from 'chai';
import { readManifest } from '../../functions/manifest.ts';

/** Keeps some objects for a while, as a function does for its requests, and tells how often V8 collected all garbage. */
const program = (preparation: string) => `
  import { constants, PerformanceObserver } from 'node:perf_hooks';
  import { growTheHeapGenerously } from './infra/archive/heap.ts';
  ${preparation}
  let collections = 0;
  const count = ({ detail }) => { collections += Number(detail.kind === constants.NODE_PERFORMANCE_GC_MAJOR); };
  const observer = new PerformanceObserver((list) => list.getEntries().forEach(count));
  observer.observe({ entryTypes: ['gc'] });
  const kept = [];
  for (let n = 0; n < 800_000; n += 1) {
    kept[n % 150_000] = { n, items: [n] };
    if (n % 2_000 === 0) await new Promise(setImmediate);
  }
  observer.takeRecords().forEach(count);
  console.log(collections);
`;

describe('the heap of a deployed function', function () {
  this.timeout(20_000);

  /** In a container of 512 MB, Node allows itself 256 MB. */
  const collections = async (preparation: string): Promise<number> => {
    const options = ['--max-old-space-size=256', '--input-type=module', '--eval', program(preparation)];
    return Number((await promisify(execFile)(process.execPath, options)).stdout);
  };

  it('is searched for garbage less often than V8 would by itself', async () => {
    expect(await collections('growTheHeapGenerously();')).to.be.lessThan((await collections('')) / 2);
  });

  it('has more room for new objects than V8 would give them, and no more than its memory allows', () => {
    for (const { name, environmentVariables, availableMemoryMb } of readManifest().functions) {
      const [, half] =
        /^--max-semi-space-size=(\d+)$/u.exec(environmentVariables['NODE_OPTIONS'] ?? '') ?? [];
      // V8 itself gives 1 MB at 512 MB. Together the halves may take an eighth: more is for what stays.
      expect(2 * Number(half), name).to.be.within(4, availableMemoryMb / 8);
    }
  });
});
