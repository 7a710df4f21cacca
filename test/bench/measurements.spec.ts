import { expect } from 'chai';
import { sections, type Findings } from '../../bench/sections.ts';
import type { Sizes } from '../../bench/sizes.ts';
import type { Run } from '../../bench/testbed.ts';
import { readManifest } from '../../functions/manifest.ts';
import { buildArchive, type Archive } from '../../local/production/archive.ts';

/** Just enough to see that everything is measured. The durations mean nothing. */
const tiny: Sizes = {
  recording: { inFlight: [2], customers: [1, 3], rounds: 2, roundLength: 0.1, warmUp: 1 },
  sending: { inFlight: [2], customers: [40], rounds: 1, roundLength: 0.1, warmUp: 1, idle: 3, busyFor: 0.5 },
  memory: { events: 20 },
  coldStart: { runs: 1 },
};

const never = new Promise<never>(() => undefined);
const interruption: Run['interruption'] = { signal: new AbortController().signal, happened: never };

describe('the benchmark', function () {
  this.timeout(120_000);
  let archive: Archive;
  before(async () => {
    archive = await buildArchive();
  });
  after(() => archive.remove());

  /** Measures one section, which reports as many steps as it announces. */
  async function measured(name: string): Promise<Findings> {
    const section = sections[name];
    if (section === undefined) throw new Error(`There is no section ${name}.`);
    let steps = 0;
    const onStep = () => {
      steps += 1;
    };
    const findings = await section.measure({ archive: archive.folder, onStep, interruption }, tiny);
    expect(steps).to.equal(section.steps(tiny));
    return findings;
  }

  // Cold starts are measured in test/bench/cold-start.spec.ts.
  it('has four sections', () => {
    expect(Object.keys(sections)).to.deep.equal(['recording', 'sending', 'memory', 'cold-start']);
  });

  it('compares the recording of purchases with a client that does nothing else', async () => {
    const { recording = [] } = await measured('recording');
    expect(recording.map(({ inFlight, customers }) => [inFlight, customers])).to.deep.equal([
      [2, 1],
      [2, 3],
    ]);
    for (const { baseline, empty, pushed, cpu, ratio, ratioToBoth, benchmarkLoad } of recording) {
      for (const figure of [baseline, empty, pushed, cpu]) expect(figure.min).to.be.greaterThan(0);
      expect(ratio.median).to.be.within(ratio.min, ratio.max);
      expect(ratioToBoth.median, 'doing both takes longer').to.be.greaterThan(ratio.median);
      expect(benchmarkLoad).to.be.greaterThan(0);
    }
  });

  it('follows purchases to the acceptance of their emails', async () => {
    const { sending } = await measured('sending');
    expect(sending?.throughput.map(({ customers }) => customers)).to.deep.equal([40]);
    for (const { emails, cpu } of sending?.throughput ?? []) {
      for (const figure of [emails, cpu.recordTransaction, cpu.targetCustomer]) {
        expect(figure.min).to.be.greaterThan(0);
      }
    }
    expect(sending?.latency).to.have.length(2);
    for (const { count, percentiles } of sending?.latency ?? []) {
      expect(count).to.be.greaterThan(0);
      expect(percentiles.p50).to.be.within(0, percentiles.p99);
    }
  });

  it('samples the memory of every function', async () => {
    const { memory = [] } = await measured('memory');
    expect(memory.map(({ functionName }) => functionName)).to.have.members(
      readManifest().functions.map(({ name }) => name),
    );
    for (const { functionName, events, peak, samples } of memory) {
      expect(events, functionName).to.be.at.least(tiny.memory.events);
      expect(samples, functionName).to.have.length(10);
      for (const { rss, heap } of samples) expect(heap).to.be.within(1, rss);
      expect(peak, functionName).to.be.at.least(Math.max(...samples.map(({ rss }) => rss)) * 0.99);
    }
  });

  it('says why functions do not start, and leaves no rejection unhandled', async () => {
    const run = { archive: '/nowhere', onStep: () => undefined, interruption };
    const unhandled: unknown[] = [];
    const listener = (reason: unknown): unknown => unhandled.push(reason);
    process.on('unhandledRejection', listener);
    try {
      const failed = await sections['memory']?.measure(run, tiny).catch(String);
      expect(failed).to.match(/^Error: The function \w+ ended while starting/u);
    } finally {
      process.off('unhandledRejection', listener);
    }
    expect(unhandled, 'it would end the benchmark before everything is stopped').to.deep.equal([]);
  });
});
