/** How many emails a second are accepted by SendGrid, and how long each takes from the purchase that earns it. */
import { Random } from '../emulator-data/random.ts';
import { customerIdOf } from '../functions/src/domain/identity.ts';
import { topics } from '../functions/src/domain/published-message.ts';
import { LOCAL_HASH_KEY } from '../local/stack/environment.ts';
import { Caller } from './caller.ts';
import { pushOf } from './calls.ts';
import { arrivals, closedLoop, openLoop } from './load.ts';
import { addressOf, buyerOf, purchaseBy } from './purchases.ts';
import { inTurns, Lane } from './rounds.ts';
import { percentilesOf, spreadOf, type Percentiles, type Spread } from './statistics.ts';
import { unlimited, withTestbed, type Run, type Testbed } from './testbed.ts';
import type { ThroughputSizes } from './throughput.ts';

const functions = ['recordTransaction', 'targetCustomer'];

/** Idle and at half the rate, from the topic and from the push. */
const LATENCIES = 4;

/** Purchases come in the same order of gaps in every run. */
const ARRIVALS = 20_261_123;

export interface LatencySizes {
  /** Purchases one after the other. */
  readonly idle: number;
  /** How long purchases come at half the sustained rate, in seconds. */
  readonly busyFor: number;
}

/** Purchases a second, from publishing to the end. */
interface SendingThroughput {
  readonly inFlight: number;
  readonly customers: number;
  /**
   * With many customers, each purchase earns an email and ends with SendGrid's acceptance of it. With one customer,
   * under the default policy, it ends with that or with the decision that it is too early for another email.
   */
  readonly published: Spread;
  /** How much of a core the benchmark itself took. */
  readonly benchmarkLoad: number;
}

/** From a purchase to SendGrid's acceptance of the email it earns, in ms. */
export interface Latency {
  readonly load: 'idle' | 'half';
  /** Where it starts: published to the topic, or pushed to the function, which leaves Pub/Sub's emulator out. */
  readonly from: 'published' | 'pushed';
  /** Purchases a second that came; absent when each waited for the one before. */
  readonly rate?: number;
  readonly count: number;
  readonly percentiles: Percentiles;
}

export interface Sending {
  readonly throughput: readonly SendingThroughput[];
  readonly latency: readonly Latency[];
}

/** How often the lanes of `measureSending` are run through, and what it measures beside. */
export function sendingSteps({ customers, rounds }: ThroughputSizes): number {
  const testbeds = Number(customers.includes(1)) + Number(customers.some((count) => count > 1));
  return testbeds * rounds + LATENCIES;
}

/** A step is a round of all combinations of `inFlight` and `customers` that share a testbed, or a latency. */
export async function measureSending(run: Run, sizes: ThroughputSizes & LatencySizes): Promise<Sending> {
  const one = sizes.customers.filter((customers) => customers === 1);
  const many = sizes.customers.filter((customers) => customers > 1);
  const decided =
    one.length === 0
      ? []
      : await withTestbed(run, { functions }, (testbed) =>
          measureCells(testbed, 'decided', { ...sizes, customers: one }, run.onStep),
        );
  return withTestbed(run, { functions, env: unlimited }, async (testbed) => {
    const accepted = await measureCells(testbed, 'accepted', { ...sizes, customers: many }, run.onStep);
    const sustained = accepted.at(-1)?.published.median ?? NaN;
    const latency = await measureLatencies(testbed, sustained / 2, sizes, run.onStep);
    return { throughput: [...decided, ...accepted], latency };
  });
}

/** @param end by which a purchase is told to be through. */
async function measureCells(
  testbed: Testbed,
  end: 'accepted' | 'decided',
  { customers: groups, inFlight: degrees, rounds, roundLength, warmUp }: ThroughputSizes,
  onRound: () => void,
): Promise<SendingThroughput[]> {
  const laneFor = (group: string, customers: number, inFlight: number): Lane => {
    let purchases = 0;
    const prepare = () => () => publish(testbed, buyerOf(group, (purchases += 1), customers), end);
    return new Lane(prepare, inFlight, roundLength);
  };
  // Never two purchases of one customer at a time, of which only one might earn an email.
  await inTurns([laneFor('warm-up', end === 'accepted' ? 1_000 : 1, 80)], warmUp);
  const cells = degrees.flatMap((inFlight) =>
    groups.map((customers) => {
      const lane = laneFor(`${inFlight}-of-${customers}`, customers, inFlight);
      return { inFlight, customers, lane };
    }),
  );
  const lanes = cells.map(({ lane }) => lane);
  await inTurns(lanes, rounds, onRound);
  return cells.map(({ lane, ...combination }) => ({ ...combination, ...throughputOf(lane) }));
}

function throughputOf({ rounds }: Lane) {
  return {
    published: spreadOf(rounds.map(({ rate }) => rate)),
    benchmarkLoad: spreadOf(rounds.map(({ benchmarkLoad }) => benchmarkLoad)).median,
  };
}

async function measureLatencies(
  testbed: Testbed,
  rate: number,
  { idle, busyFor }: LatencySizes,
  onStep: () => void,
): Promise<Latency[]> {
  const caller = new Caller(testbed.stack.process('recordTransaction').url);
  const latencies: Latency[] = [];
  try {
    for (const [from, send] of [
      ['published', publish],
      ['pushed', pushWith(caller)],
    ] as const) {
      const one = (group: string) => (index: number) =>
        send(testbed, addressOf(`${from}-${group}`, index), 'accepted');
      const alone = await oneByOne(idle, one('idle'));
      latencies.push({ load: 'idle', from, count: idle, percentiles: percentilesOf(alone) });
      onStep();
      const times = arrivals(Math.ceil(rate * busyFor), rate, new Random(ARRIVALS));
      const together = await openLoop(times, one('half'));
      latencies.push({ load: 'half', from, rate, count: times.length, percentiles: percentilesOf(together) });
      onStep();
    }
  } finally {
    caller.close();
  }
  return latencies;
}

async function oneByOne(count: number, task: (index: number) => Promise<number>): Promise<number[]> {
  const durations: number[] = [];
  await closedLoop(count, 1, async (index) => {
    const start = performance.now();
    durations.push((await task(index)) - start);
  });
  return durations;
}

/** Resolves with the time at which the purchase is through. */
async function publish(testbed: Testbed, email: string, end: 'accepted' | 'decided'): Promise<number> {
  await testbed.stack.publish(topics.transactions, purchaseBy(email));
  return testbed[end].of(customerIdOf(email, LOCAL_HASH_KEY));
}

function pushWith(caller: Caller): typeof publish {
  return async (testbed, email, end) => {
    await caller.post(pushOf(topics.transactions, purchaseBy(email)));
    return testbed[end].of(customerIdOf(email, LOCAL_HASH_KEY));
  };
}
