import { expect } from 'chai';
import { measure, sections, stepsOf, type Findings, type Section } from '../../bench/sections.ts';
import type { Sizes } from '../../bench/sizes.ts';
import { readManifest } from '../../functions/manifest.ts';
import { buildArchive, type Archive } from '../../local/production/archive.ts';

/** Just enough to see that everything is measured; how long it takes means nothing. */
const tiny: Sizes = {
  recording: { inFlight: [2], customers: [1, 3], rounds: 2, roundLength: 0.1, warmUp: 1 },
  sending: {
    inFlight: [2],
    customers: [1, 40],
    rounds: 1,
    roundLength: 0.1,
    warmUp: 1,
    idle: 3,
    busyFor: 0.5,
  },
  growth: { stored: [600], purchases: 5, warmUp: 10 },
  memory: { events: 20 },
  work: { rounds: 2, warmUp: 0, events: 10, batches: 1 },
  coldStarts: { runs: 1 },
};

describe('the benchmark', function () {
  this.timeout(120_000);
  let archive: Archive;
  before(async () => {
    archive = await buildArchive();
  });
  after(() => archive.remove());

  /** Measures one section, and makes sure that it is told of as many steps as were announced. */
  async function found(section: Section): Promise<Findings> {
    let steps = 0;
    const onStep = () => {
      steps += 1;
    };
    const interrupted = new Promise<never>(() => undefined);
    const findings = await measure(section, { archive: archive.folder, onStep, interrupted }, tiny);
    expect(steps).to.equal(stepsOf(section, tiny));
    return findings;
  }

  it('measures each of its sections', () => {
    expect(sections).to.deep.equal(['recording', 'sending', 'growth', 'memory', 'work', 'cold-starts']);
  });

  it('compares how fast purchases are recorded with a client that does nothing else', async () => {
    const { recording = [] } = await found('recording');
    expect(recording.map(({ inFlight, customers }) => [inFlight, customers])).to.deep.equal([
      [2, 1],
      [2, 3],
    ]);
    for (const { floor, empty, pushed, published, ratio, ratioToBoth, benchmarkLoad } of recording) {
      for (const rate of [floor, empty, pushed, published]) expect(rate.min).to.be.greaterThan(0);
      expect(ratio.median).to.be.within(ratio.min, ratio.max);
      expect(ratioToBoth.median, 'who has both to do has less to be compared with').to.be.greaterThan(
        ratio.median,
      );
      expect(benchmarkLoad.pushed).to.be.greaterThan(0);
    }
  });

  it('follows purchases to the acceptance of their emails', async () => {
    const { sending } = await found('sending');
    expect(sending?.throughput.map(({ customers }) => customers)).to.deep.equal([1, 40]);
    expect(sending?.latency.map(({ load, from }) => `${from} ${load}`)).to.deep.equal([
      'published idle',
      'published half',
      'pushed idle',
      'pushed half',
    ]);
    for (const { count, percentiles } of sending?.latency ?? []) {
      expect(count).to.be.greaterThan(0);
      expect(percentiles.p50).to.be.within(0, percentiles.p99);
    }
  });

  it('stores customers before it looks what a purchase takes', async () => {
    const { growth = [] } = await found('growth');
    expect(growth.map(({ stored }) => stored)).to.deep.equal([600]);
    for (const { storing, floor, recorded, accepted } of growth) {
      expect(storing).to.be.greaterThan(0);
      expect(floor.p50).to.be.greaterThan(0);
      expect(accepted.p50, 'an email comes after its purchase').to.be.greaterThan(recorded.p50);
    }
  });

  it('looks into the memory of every function', async () => {
    const { memory = [] } = await found('memory');
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

  it('says why, and waits until nothing is left running, when functions do not start', async () => {
    const interrupted = new Promise<never>(() => undefined);
    const run = { archive: '/nowhere', onStep: () => undefined, interrupted };
    const unhandled: unknown[] = [];
    const hear = (reason: unknown): unknown => unhandled.push(reason);
    process.on('unhandledRejection', hear);
    try {
      const failed = await measure('memory', run, tiny).catch(String);
      expect(failed).to.match(/^Error: The function \w+ ended while starting/u);
    } finally {
      process.off('unhandledRejection', hear);
    }
    expect(unhandled, 'which would end the benchmark before the rest is stopped').to.deep.equal([]);
  });

  it('finds out what CPU each event takes, and whose code takes it', async () => {
    const { work: { work = [], rendering } = {} } = await found('work');
    expect(work.map(({ functionName }) => functionName)).to.deep.equal([
      'recordTransaction',
      'targetCustomer',
      'recordDelivery',
      'recordDelivery',
    ]);
    for (const { cpu, costs } of work) {
      expect(cpu.min).to.be.greaterThan(0);
      expect(costs.reduce((sum, { share }) => sum + share, 0)).to.be.closeTo(1, 1e-6);
    }
    expect(work[0]?.costs.map(({ place }) => place)).to.include('@google-cloud/firestore');
    expect(rendering?.first, 'which parses the templates').to.be.greaterThan(rendering?.later ?? Infinity);
  });
});
