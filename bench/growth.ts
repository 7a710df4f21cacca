/** Whether a purchase takes longer the more customers there are. */
import type { Firestore } from '@google-cloud/firestore';
import { customerIdOf } from '../functions/src/domain/identity.ts';
import { topics } from '../functions/src/domain/published-message.ts';
import { LOCAL_HASH_KEY } from '../local/stack/environment.ts';
import { Caller } from './caller.ts';
import { pushOf } from './calls.ts';
import { openFloor, recordOf } from './floor.ts';
import { closedLoop } from './load.ts';
import { addressOf, purchaseBy } from './purchases.ts';
import { storeCustomers } from './seed.ts';
import { percentilesOf, type Percentiles } from './statistics.ts';
import { unlimited, withTestbed, type Run, type Testbed } from './testbed.ts';

const functions = ['recordTransaction', 'targetCustomer'];

/** Stored customers buy in an order that has nothing to do with that in which they were stored; a prime. */
const STRIDE = 7_919;

export interface GrowthSizes {
  /** How many customers are stored. */
  readonly stored: readonly number[];
  /** Purchases at each of these sizes, one after the other. */
  readonly purchases: number;
  /** Purchases before, many at the same time. */
  readonly warmUp: number;
}

/** What a purchase takes with so many customers stored, in ms. */
export interface Growth {
  readonly stored: number;
  /** How many of them the emulator took in a second. */
  readonly storing: number;
  /** The commit of a client that does nothing else. */
  readonly floor: Percentiles;
  /** From the push to the function's answer. */
  readonly recorded: Percentiles;
  /** From the push to SendGrid's acceptance of the email. */
  readonly accepted: Percentiles;
}

/** A step is a number of customers stored. */
export async function measureGrowth(run: Run, sizes: GrowthSizes): Promise<Growth[]> {
  const levels: Growth[] = [];
  for (const stored of sizes.stored) {
    levels.push(await measureLevel(run, stored, sizes));
    run.onStep();
  }
  return levels;
}

async function measureLevel(run: Run, stored: number, sizes: GrowthSizes): Promise<Growth> {
  let storing = 0;
  const seed = async (firestore: Firestore): Promise<void> => {
    const start = performance.now();
    await storeCustomers(firestore, stored);
    storing = (stored * 1000) / (performance.now() - start);
  };
  return withTestbed(run, { functions, env: unlimited, seed }, async (testbed) => ({
    stored,
    storing,
    ...(await durationsIn(testbed, stored, sizes)),
  }));
}

async function durationsIn(testbed: Testbed, stored: number, { purchases, warmUp }: GrowthSizes) {
  const floor = openFloor(testbed.stack.services.firestore);
  const caller = new Caller(testbed.stack.process('recordTransaction').url);
  const buyer = (n: number): string =>
    stored > 0 ? addressOf('stored', (n * STRIDE) % stored) : addressOf('new', n);
  const durations = { floor: [] as number[], recorded: [] as number[], accepted: [] as number[] };
  const byFunction = async (email: string): Promise<void> => {
    const push = pushOf(topics.transactions, purchaseBy(email));
    const start = performance.now();
    await caller.post(push);
    durations.recorded.push(performance.now() - start);
    durations.accepted.push((await testbed.accepted.of(customerIdOf(email, LOCAL_HASH_KEY))) - start);
  };
  const byClient = async (email: string): Promise<void> => {
    const record = recordOf(purchaseBy(email));
    const start = performance.now();
    await floor.record(record);
    durations.floor.push(performance.now() - start);
    await testbed.accepted.of(customerIdOf(email, LOCAL_HASH_KEY));
  };
  try {
    await closedLoop(warmUp, 40, (n) => (n % 2 === 0 ? byFunction : byClient)(addressOf('warm-up', n)));
    for (const times of Object.values(durations)) times.length = 0;
    for (let n = 0; n < purchases; n += 1) {
      await byClient(buyer(2 * n));
      await byFunction(buyer(2 * n + 1));
    }
  } finally {
    caller.close();
    await floor.close();
  }
  const { floor: atFloor, recorded, accepted } = durations;
  return {
    floor: percentilesOf(atFloor),
    recorded: percentilesOf(recorded),
    accepted: percentilesOf(accepted),
  };
}
