/** How much CPU each event takes, and whose code takes it. */
import { customerIdOf } from '../functions/src/domain/identity.ts';
import { topics } from '../functions/src/domain/published-message.ts';
import { LOCAL_HASH_KEY } from '../local/stack/environment.ts';
import { Caller } from './caller.ts';
import { deliveryReportOf, pushOf } from './calls.ts';
import { Inspector } from './inspector.ts';
import { closedLoop } from './load.ts';
import { costsIn, type Cost } from './profile.ts';
import { addressOf, purchaseBy } from './purchases.ts';
import { measureRendering, type Rendering } from './rendering.ts';
import { spreadOf, type Spread } from './statistics.ts';
import { unlimited, withTestbed, type Run, type Testbed } from './testbed.ts';
import { concurrencyOf } from './traffic.ts';

/** Purchases on their way at the same time. */
const IN_FLIGHT = 80;

/** Customers who buy again and again. */
const CUSTOMERS = 1_000;

export interface WorkSizes {
  readonly rounds: number;
  /** Rounds before anything is measured. */
  readonly warmUp: number;
  /** Purchases, or requests with one event of SendGrid, in a round. */
  readonly events: number;
  /** Requests with a thousand events of SendGrid in a round. */
  readonly batches: number;
}

/** What one event takes of the process of a function, compiling and collecting garbage included. */
interface Work {
  readonly event: string;
  readonly functionName: string;
  /** In ms of CPU, over the rounds. */
  readonly cpu: Spread;
  /** Whose code took it, in one more round; the greatest first. */
  readonly costs: readonly Cost[];
}

export interface AllWork {
  readonly work: readonly Work[];
  readonly rendering: Rendering;
}

/** Something that keeps functions busy, and what it is to each of them. */
interface Load {
  readonly events: Readonly<Record<string, string>>;
  readonly count: number;
  readonly run: () => Promise<unknown>;
}

/** A step is something that keeps functions busy, or the rendering. */
export async function measureWork(run: Run, sizes: WorkSizes): Promise<AllWork> {
  const functions = ['recordTransaction', 'targetCustomer', 'recordDelivery'];
  const rendering = measureRendering();
  run.onStep();
  return withTestbed(run, { functions, env: unlimited }, async (testbed) => {
    const callers = [callerOf(testbed, 'recordTransaction'), callerOf(testbed, 'recordDelivery')] as const;
    const work: Work[] = [];
    try {
      for (const load of loadsOn(testbed, callers, sizes)) {
        work.push(...(await measureLoad(testbed, load, sizes)));
        run.onStep();
      }
    } finally {
      for (const caller of callers) caller.close();
    }
    return { work, rendering };
  });
}

function callerOf({ stack }: Testbed, functionName: string): Caller {
  return new Caller(stack.process(functionName).url);
}

function loadsOn(
  { keys, accepted, stack }: Testbed,
  [purchases, reports]: readonly [Caller, Caller],
  { events, batches }: WorkSizes,
): Load[] {
  const emailOf = (n: number): string =>
    `${customerIdOf(addressOf('work', n % CUSTOMERS), LOCAL_HASH_KEY)}~1`;
  const report = (size: number) => (index: number) =>
    reports.post(
      deliveryReportOf(
        Array.from({ length: size }, (_, n) => emailOf(index * size + n)),
        keys,
      ),
    );
  const concurrency = concurrencyOf('recordDelivery');
  return [
    {
      events: { recordTransaction: 'purchase recorded', targetCustomer: 'email sent' },
      count: events,
      async run() {
        await closedLoop(events, IN_FLIGHT, async (index) => {
          const email = addressOf('work', index % CUSTOMERS);
          await purchases.post(pushOf(topics.transactions, purchaseBy(email)));
          await accepted.of(customerIdOf(email, LOCAL_HASH_KEY));
        });
        await stack.eventarc.idle();
      },
    },
    {
      events: { recordDelivery: 'event of SendGrid, alone in its request' },
      count: events,
      run: () => closedLoop(events, concurrency, report(1)),
    },
    {
      events: { recordDelivery: 'event of SendGrid, one of 1,000 in a request' },
      count: batches * 1_000,
      run: () => closedLoop(batches, concurrency, report(1_000)),
    },
  ];
}

async function measureLoad({ stack }: Testbed, load: Load, { rounds, warmUp }: WorkSizes): Promise<Work[]> {
  const names = Object.keys(load.events);
  const inspectors = await Promise.all(names.map((name) => Inspector.attach(stack.process(name))));
  const used = async (): Promise<number[]> =>
    Promise.all(inspectors.map(async (inspector) => (await inspector.usage()).cpu));
  const cpu: number[][] = names.map(() => []);
  try {
    for (let round = 0; round < warmUp; round += 1) await load.run();
    for (let round = 0; round < rounds; round += 1) {
      const before = await used();
      await load.run();
      const after = await used();
      for (const [index, times] of cpu.entries()) {
        times.push(((after[index] ?? NaN) - (before[index] ?? NaN)) / load.count);
      }
    }
    await Promise.all(inspectors.map((inspector) => inspector.startProfile()));
    await load.run();
    const profiles = await Promise.all(inspectors.map((inspector) => inspector.stopProfile()));
    return names.map((functionName, index) => ({
      event: load.events[functionName] ?? '',
      functionName,
      cpu: spreadOf(cpu[index] ?? []),
      costs: profiles[index] === undefined ? [] : costsIn(profiles[index]),
    }));
  } finally {
    for (const inspector of inspectors) inspector.close();
  }
}
