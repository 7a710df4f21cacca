import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { expect } from 'chai';
import { readManifest } from '../../functions/manifest.ts';

/** Keeps a window of objects, as a function keeps those of the requests under way, and says how often V8 collected all garbage. */
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

  it('has a larger part for new objects than V8 would choose, for every function', () => {
    for (const { name, environmentVariables, availableMemoryMb } of readManifest().functions) {
      expect(environmentVariables, name).to.deep.equal({ NODE_OPTIONS: '--max-semi-space-size=32' });
      // Of two halves and one to copy to there may be three, and half of the container is for old objects.
      expect(3 * 32, name).to.be.lessThan(availableMemoryMb / 4);
    }
  });
});
