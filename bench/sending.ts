/** Emails that SendGrid accepts a second, and the time of each from the purchase that earns it. */
import { Random } from '../emulator-data/random.ts';
import { customerIdOf } from '../functions/src/domain/identity.ts';
import { topics } from '../functions/src/domain/published-message.ts';
import { LOCAL_HASH_KEY } from '../operations/target/local-stack.ts';
import { pushOf } from './calls.ts';
import { post } from './http-load.ts';
import { arrivals, openLoop } from './loops.ts';
import { addressOf, buyerOf, purchaseBy } from './purchases.ts';
import { jobs, Lane, measureLanes, type LaneSizes } from './rounds.ts';
import { percentilesOf, type Percentiles, type Spread } from './statistics.ts';
import { unlimited, withTestbed, type Run, type Testbed } from './testbed.ts';

const functions = ['recordTransaction', 'targetCustomer'];

/** The seed of the arrival times, which are the same in every run. */
const ARRIVALS = 20_261_123;

export interface LatencySizes {
  /** Purchases one after the other. */
  readonly idle: number;
  /** How long purchases arrive at half the sustained rate, in seconds. */
  readonly busyFor: number;
}

interface SendingThroughput {
  readonly inFlight: number;
  readonly customers: number;
  /** Purchases pushed, and their emails accepted, a second. */
  readonly emails: Spread;
  /** CPU of each function for one of them, in ms. */
  readonly cpu: { readonly recordTransaction: Spread; readonly targetCustomer: Spread };
}

/** From the push of a purchase to SendGrid's acceptance of its email. */
export interface Latency {
  /** Purchases that arrive a second; absent when each waits for the one before. */
  readonly rate?: number;
  readonly count: number;
  /** In ms. */
  readonly percentiles: Percentiles;
}

export interface Sending {
  readonly throughput: readonly SendingThroughput[];
  /** One at a time, and at half the sustained rate. */
  readonly latency: readonly Latency[];
}

/** A step is one round, or one latency. */
export async function measureSending(run: Run, sizes: LaneSizes & LatencySizes): Promise<Sending> {
  return withTestbed(run, { functions, env: unlimited }, async (testbed) => {
    const throughput = await measureThroughput(testbed, sizes, run.onStep);
    const sustained = throughput.at(-1)?.emails.median ?? NaN;
    const latency = await measureLatencies(testbed, sustained / 2, sizes, run.onStep);
    return { throughput, latency };
  });
}

async function measureThroughput(
  testbed: Testbed,
  sizes: LaneSizes,
  onRound: () => void,
): Promise<SendingThroughput[]> {
  const lanesOf = (inFlight: number, customers: number) => {
    let count = 0;
    // With more customers than purchases in flight, no customer has two in flight, of which only one would earn an email.
    const buyer = (): string => buyerOf(`${inFlight}-of-${customers}`, (count += 1), customers);
    const prepare = jobs(inFlight, () => () => emailAfterPurchase(testbed, buyer()));
    const { roundLength } = sizes;
    return { sent: new Lane({ prepare, inFlight, roundLength, cpuTimes: () => cpuTimesOf(testbed) }) };
  };
  const measured = await measureLanes(sizes, lanesOf, onRound);
  return measured.map(({ lanes: { sent }, ...combination }) => ({
    ...combination,
    emails: sent.spreadOf(({ rate }) => rate),
    cpu: {
      recordTransaction: sent.spreadOf(({ cpu: [recording = NaN] }) => recording),
      targetCustomer: sent.spreadOf(({ cpu: [, targeting = NaN] }) => targeting),
    },
  }));
}

/** Of both functions, once all events are handled. */
async function cpuTimesOf(testbed: Testbed): Promise<number[]> {
  await testbed.stack.eventarc.idle();
  const usages = await Promise.all(functions.map((name) => testbed.usageOf(name)));
  return usages.map(({ cpu }) => cpu);
}

async function measureLatencies(
  testbed: Testbed,
  rate: number,
  { idle, busyFor }: LatencySizes,
  onStep: () => void,
): Promise<Latency[]> {
  const alone: number[] = [];
  for (let index = 0; index < idle; index += 1) {
    const start = performance.now();
    alone.push((await emailAfterPurchase(testbed, addressOf('idle', index))) - start);
  }
  onStep();
  const times = arrivals(Math.ceil(rate * busyFor), rate, new Random(ARRIVALS));
  const together = await openLoop(times, (index) => emailAfterPurchase(testbed, addressOf('half', index)));
  onStep();
  return [
    { count: idle, percentiles: percentilesOf(alone) },
    { rate, count: times.length, percentiles: percentilesOf(together) },
  ];
}

/** Pushes a purchase, and resolves with the `performance.now()` at which SendGrid accepts its email. */
async function emailAfterPurchase({ stack, accepted }: Testbed, email: string): Promise<number> {
  const { url } = stack.process('recordTransaction');
  await post(url, pushOf(topics.transactions, purchaseBy(email)));
  return accepted.of(customerIdOf(email, LOCAL_HASH_KEY));
}
