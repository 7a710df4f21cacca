import { writeFile, mkdtemp, rm } from 'node:fs/promises';
import type { Profiler } from 'node:inspector';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { expect } from 'chai';
import { costsIn } from '../../bench/profile.ts';
import { percentilesOf, rounded, slopeOf, spreadOf } from '../../bench/statistics.ts';

describe('the statistics of the benchmark', () => {
  it('are percentiles', () => {
    const values = Array.from({ length: 1_000 }, (_, index) => 1_000 - index);
    const { p50, p95, p99 } = percentilesOf(values);
    expect(p50).to.be.closeTo(500.5, 0.5);
    expect(p95).to.be.closeTo(950.5, 0.5);
    expect(p99).to.be.closeTo(990.5, 0.5);
  });

  it('are the middle and both ends', () => {
    expect(spreadOf([5, 1, 3])).to.deep.equal({ median: 3, min: 1, max: 5 });
  });

  it('are slopes', () => {
    expect(slopeOf([1, 2, 3].map((x) => ({ x, y: 7 })))).to.equal(0);
    expect(slopeOf([0, 10, 20].map((x) => ({ x, y: 3 + x / 2 })))).to.be.closeTo(0.5, 1e-12);
  });

  it('have as many digits as they are good for', () => {
    expect([rounded(1234.5678), rounded(0.00012345), rounded(12, 1)]).to.deep.equal([1230, 0.000123, 10]);
  });
});

describe('the costs in a profile', () => {
  let folder: string;
  before(async () => {
    folder = await mkdtemp(path.join(tmpdir(), 'farmacy-profile-'));
  });
  after(() => rm(folder, { recursive: true }));

  it('belong to packages, to files of the functions and to Node, as the bundle says where each line is from', async () => {
    const bundle = path.join(folder, 'chunk.mjs');
    const lines = [
      'import "x";',
      '// node_modules/@google-cloud/firestore/build/src/index.js',
      'function fromFirestore() {}',
      '// functions/src/log.ts',
      'function fromLog() {}',
    ];
    await writeFile(bundle, lines.join('\n'));
    const frame = (functionName: string, url = '', lineNumber = 0) => ({
      id: 0,
      callFrame: { functionName, url, lineNumber, columnNumber: 0, scriptId: '1' },
    });
    const { href } = pathToFileURL(bundle);
    const frames = [
      frame('(idle)'),
      frame('(garbage collector)'),
      frame('writeUtf8String'),
      frame('fromFirestore', href, 2),
      frame('fromLog', href, 4),
      frame('emit', 'node:events', 7),
      frame('json', 'file:///srv/node_modules/body-parser/index.js', 1),
    ].map((node, index) => ({ ...node, id: index + 1 }));
    const profile: Profiler.Profile = {
      nodes: frames,
      startTime: 0,
      endTime: 1,
      samples: [1, 2, 3, 4, 4, 5, 6, 7],
      timeDeltas: [5_000, 100, 100, 200, 200, 200, 100, 100],
    };
    expect(costsIn(profile)).to.deep.equal([
      { place: '@google-cloud/firestore', share: 0.4 },
      { place: 'functions/src/log.ts', share: 0.2 },
      { place: '(garbage collector)', share: 0.1 },
      { place: 'built into V8 and Node', share: 0.1 },
      { place: 'node:events', share: 0.1 },
      { place: 'body-parser', share: 0.1 },
    ]);
  });
});
