/**
 * How many purchases a second are recorded, beside a client that makes the same commits and does nothing else, and a
 * function that is called and does nothing.
 */
import { topics } from '../functions/src/domain/published-message.ts';
import { Caller } from './caller.ts';
import { pushOf } from './calls.ts';
import { startEmptyFunction } from './empty-function.ts';
import { openFloor, recordOf, type Floor } from './floor.ts';
import { buyerOf, purchaseBy } from './purchases.ts';
import { inTurns, Lane, type Job } from './rounds.ts';
import { spreadOf, type Spread } from './statistics.ts';
import { withTestbed, type Run, type Testbed } from './testbed.ts';

export interface ThroughputSizes {
  readonly inFlight: readonly number[];
  readonly customers: readonly number[];
  readonly rounds: number;
  /** In seconds, roughly. */
  readonly roundLength: number;
  /** Rounds before anything is measured: compilers must have seen everything. */
  readonly warmUp: number;
}

/** Purchases a second, over the rounds. */
export interface RecordingThroughput {
  readonly inFlight: number;
  readonly customers: number;
  /** Commits of the client that does nothing else. */
  readonly floor: Spread;
  /** Pushed to the function as Pub/Sub pushes them, and recorded. */
  readonly pushed: Spread;
  /** `pushed` by `floor`, round by round. */
  readonly ratio: Spread;
  /** Pushed in the same way to a function that does nothing. */
  readonly empty: Spread;
  /** `pushed` by what would be left if each purchase took the time of an empty call and of a commit of the floor. */
  readonly ratioToBoth: Spread;
  /** Published to the topic, pulled from it, pushed to the function, and recorded. */
  readonly published: Spread;
  /** How much of a core the benchmark itself took while it pushed, and while it published, pulled and pushed. */
  readonly benchmarkLoad: { readonly pushed: number; readonly published: number };
}

/** A way by which a purchase is recorded: it makes ready what it can, and returns what is left to do. */
type Way = (purchase: Buffer) => Job;
type Ways = Readonly<Record<'floor' | 'empty' | 'pushed' | 'published', Way>>;

/** A step is a round of all combinations of `inFlight` and `customers`. */
export async function measureRecording(run: Run, sizes: ThroughputSizes): Promise<RecordingThroughput[]> {
  const empty = await startEmptyFunction();
  try {
    return await withTestbed(run, { functions: ['recordTransaction'] }, async (testbed) => {
      const floor = openFloor(testbed.stack.services.firestore);
      const caller = new Caller(testbed.stack.process('recordTransaction').url);
      const ways = waysTo(testbed, { floor, caller, empty: empty.caller });
      try {
        await warmUp(ways, sizes);
        return await measureAll(ways, sizes, run.onStep);
      } finally {
        caller.close();
        await floor.close();
      }
    });
  } finally {
    // Outside: whoever interrupts a testbed does not wait for those who use it.
    await empty.stop();
  }
}

interface Ends {
  readonly floor: Floor;
  readonly caller: Caller;
  readonly empty: Caller;
}

function waysTo(testbed: Testbed, { floor, caller, empty }: Ends): Ways {
  const pushedBy =
    (by: Caller): Way =>
    (purchase) => {
      const push = pushOf(topics.transactions, purchase);
      return () => by.post(push);
    };
  return {
    floor: (purchase) => {
      const record = recordOf(purchase);
      return () => floor.record(record);
    },
    empty: pushedBy(empty),
    pushed: pushedBy(caller),
    published: (purchase) => () => recordedBy(testbed, purchase),
  };
}

/** All combinations in turns, so that the first is not the one measured while the emulators still warm up. */
async function measureAll(
  ways: Ways,
  { inFlight: degrees, customers: groups, rounds, roundLength }: ThroughputSizes,
  onRound: () => void,
): Promise<RecordingThroughput[]> {
  const cells = degrees.flatMap((inFlight) =>
    groups.map((customers) => {
      const lanes = lanesFor(ways, {
        group: `${inFlight}-of-${customers}`,
        customers,
        inFlight,
        roundLength,
      });
      return { inFlight, customers, lanes };
    }),
  );
  const lanes = cells.flatMap((cell) => Object.values(cell.lanes));
  await inTurns(lanes, rounds, onRound);
  return cells.map(({ lanes, ...combination }) => ({ ...combination, ...comparisonOf(lanes) }));
}

async function recordedBy({ stack, recorded }: Testbed, purchase: Buffer): Promise<number> {
  return recorded.of(await stack.publish(topics.transactions, purchase));
}

/** Everything that is measured, until what runs it is compiled. */
async function warmUp(ways: Ways, { warmUp, roundLength }: ThroughputSizes): Promise<void> {
  const lanes = lanesFor(ways, { group: 'warm-up', customers: 1_000, inFlight: 80, roundLength });
  await inTurns(Object.values(lanes), warmUp);
}

interface Combination {
  /** Customers of one group are no customers of another. */
  readonly group: string;
  readonly customers: number;
  readonly inFlight: number;
  readonly roundLength: number;
}

type Lanes = Readonly<Record<keyof Ways, Lane>>;

/** The customers buy one after the other, whichever way. */
function lanesFor(ways: Ways, { group, customers, inFlight, roundLength }: Combination): Lanes {
  let purchases = 0;
  const lane = (way: Way): Lane => {
    const prepare = (): Job => way(purchaseBy(buyerOf(group, (purchases += 1), customers)));
    return new Lane(prepare, inFlight, roundLength);
  };
  return {
    floor: lane(ways.floor),
    empty: lane(ways.empty),
    pushed: lane(ways.pushed),
    published: lane(ways.published),
  };
}

function comparisonOf({ floor, empty, pushed, published }: Lanes) {
  const compared = pushed.rounds.map(({ rate }, round) => {
    const [commit, call] = [floor.rounds[round]?.rate ?? NaN, empty.rounds[round]?.rate ?? NaN];
    return { toFloor: rate / commit, toBoth: rate * (1 / commit + 1 / call) };
  });
  return {
    floor: rateOf(floor),
    empty: rateOf(empty),
    pushed: rateOf(pushed),
    ratio: spreadOf(compared.map(({ toFloor }) => toFloor)),
    ratioToBoth: spreadOf(compared.map(({ toBoth }) => toBoth)),
    published: rateOf(published),
    benchmarkLoad: { pushed: loadOf(pushed), published: loadOf(published) },
  };
}

function rateOf({ rounds }: Lane): Spread {
  return spreadOf(rounds.map(({ rate }) => rate));
}

function loadOf({ rounds }: Lane): number {
  return spreadOf(rounds.map(({ benchmarkLoad }) => benchmarkLoad)).median;
}
