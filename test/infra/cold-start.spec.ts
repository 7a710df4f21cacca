import { expect } from 'chai';
import { measureColdStarts } from '../../bench/cold-start.ts';
import { readManifest } from '../../functions/manifest.ts';
import { buildArchive } from '../../local/production/archive.ts';

describe('the measurement of cold starts', () => {
  it('times the first event of every deployed function and compares it with an empty function', async function () {
    this.timeout(180_000);
    const archive = await buildArchive();
    try {
      const { functions, naive } = await measureColdStarts({ runs: 1, folder: archive.folder });
      expect(functions.map(({ name }) => name)).to.have.members(
        readManifest().functions.map(({ name }) => name),
      );
      for (const { time, bare, ratio } of [...functions, naive]) {
        expect(time.min).to.be.above(0).and.to.equal(time.max);
        expect(ratio).to.equal(time.median / bare.median);
      }
    } finally {
      await archive.remove();
    }
  });

  it('leaves nothing running when it is interrupted', async function () {
    this.timeout(60_000);
    const archive = await buildArchive();
    const reason = new Error('interrupted');
    let done = 0;
    try {
      const measured = measureColdStarts({
        runs: 1,
        folder: archive.folder,
        onProgress: () => (done += 1),
        signal: AbortSignal.abort(reason),
      });
      expect(await measured.catch((error: unknown) => error)).to.equal(reason);
      expect(done).to.equal(0);
    } finally {
      await archive.remove();
    }
  });
});
