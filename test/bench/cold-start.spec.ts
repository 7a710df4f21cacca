import { expect } from 'chai';
import { measureColdStarts } from '../../bench/cold-start.ts';
import { readManifest } from '../../functions/manifest.ts';
import { buildArchive, type Archive } from '../../local/production/archive.ts';

describe('the cold start of the deployed archive', function () {
  this.timeout(180_000);
  let archive: Archive;
  let runs: number;
  const onStep = () => {
    runs += 1;
  };
  const happened = new Promise<never>(() => undefined);
  beforeEach(async () => {
    runs = 0;
    archive = await buildArchive();
  });
  afterEach(() => archive.remove());

  it('is measured for every function with its first call, beside a function that does nothing', async () => {
    const interruption = { signal: new AbortController().signal, happened };
    const run = { archive: archive.folder, onStep, interruption };
    const coldStarts = await measureColdStarts(run, { runs: 1 });
    expect(coldStarts.map(({ name }) => name)).to.deep.equal([
      ...readManifest().functions.map(({ name }) => name),
      'naive',
    ]);
    for (const { time, bare, ratio } of coldStarts) {
      expect(time.min).to.be.above(0).and.to.equal(time.max);
      expect(ratio).to.equal(time.median / bare.median);
    }
    expect(runs).to.equal(1);
  });

  it('is no longer measured after an interruption', async () => {
    const reason = new Error('interrupted');
    const interruption = { signal: AbortSignal.abort(reason), happened };
    const run = { archive: archive.folder, onStep, interruption };
    const measured = measureColdStarts(run, { runs: 1 });
    expect(await measured.catch((error: unknown) => error)).to.equal(reason);
    expect(runs).to.equal(0);
  });
});
