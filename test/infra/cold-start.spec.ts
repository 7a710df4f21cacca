import { expect } from 'chai';
import { measureColdStarts } from '../../bench/cold-start.ts';
import { readManifest } from '../../functions/manifest.ts';
import { buildArchive } from '../../local/production/archive.ts';

describe('from the deployed archive', () => {
  it('every function does its first work, and is compared with one that does nothing', async function () {
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
});
