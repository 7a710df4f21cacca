/**
 * Purchases recorded a second, beside a client that only makes the same commits and a function that is called and does
 * nothing. Pub/Sub's emulator takes no part: it delays each message by about 10 to 40 ms, which Pub/Sub does not.
 */
import { topics } from '../functions/src/domain/published-message.ts';
import { openBaseline, recordOf, type Baseline } from './baseline.ts';
import { pushOf } from './calls.ts';
import { postAll } from './http-load.ts';
import { buyerOf, purchaseBy } from './purchases.ts';
import { withEmptyFunction } from './reference-functions.ts';
import { jobs, Lane, measureLanes, type LaneSizes, type Prepare } from './rounds.ts';
import { spreadOf, type Spread } from './statistics.ts';
import { withTestbed, type Run, type Testbed } from './testbed.ts';

/** Rates are purchases a second. */
export interface Recording {
  readonly inFlight: number;
  readonly customers: number;
  /** Committed by the client that does nothing else. */
  readonly baseline: Spread;
  /** Pushed to a function that does nothing. */
  readonly empty: Spread;
  /** Pushed to the function, as Pub/Sub does it, and recorded. */
  readonly pushed: Spread;
  /** `pushed` by `baseline`, round by round. */
  readonly ratio: Spread;
  /** `pushed` by the rate at which a purchase takes the time of an empty call and of a commit of the baseline. */
  readonly ratioToBoth: Spread;
  /** CPU of the function for a purchase, in ms. */
  readonly cpu: Spread;
  /** CPU of the benchmark itself while it pushes, as a share of one core. */
  readonly benchmarkLoad: number;
}

/** A step is one round. */
export async function measureRecording(run: Run, sizes: LaneSizes): Promise<Recording[]> {
  // Not inside the testbed, which does not wait for its user when it is interrupted.
  return withEmptyFunction((emptyUrl) =>
    withTestbed(run, { functions: ['recordTransaction'] }, async (testbed) => {
      const baseline = openBaseline(testbed.stack.services.firestore);
      try {
        const lanesOf = lanesBetween(testbed, baseline, emptyUrl, sizes.roundLength);
        const measured = await measureLanes(sizes, lanesOf, run.onStep);
        return measured.map(({ lanes, ...combination }) => ({ ...combination, ...comparisonOf(lanes) }));
      } finally {
        await baseline.close();
      }
    }),
  );
}

type Lanes = Readonly<Record<'baseline' | 'empty' | 'pushed', Lane>>;

/** The same customers take turns in buying, in all three lanes. */
function lanesBetween(testbed: Testbed, baseline: Baseline, emptyUrl: string, roundLength: number) {
  return (inFlight: number, customers: number): Lanes => {
    let count = 0;
    const purchase = (): Buffer =>
      purchaseBy(buyerOf(`${inFlight}-of-${customers}`, (count += 1), customers));
    const postingTo =
      (url: string): Prepare =>
      (total) => {
        const calls = Array.from({ length: total }, () => pushOf(topics.transactions, purchase()));
        return () => postAll(url, calls, inFlight);
      };
    const committing = jobs(inFlight, () => {
      const record = recordOf(purchase());
      return () => baseline.record(record);
    });
    const { url } = testbed.stack.process('recordTransaction');
    const cpuTimes = async () => [(await testbed.usageOf('recordTransaction')).cpu];
    return {
      baseline: new Lane({ prepare: committing, inFlight, roundLength }),
      empty: new Lane({ prepare: postingTo(emptyUrl), inFlight, roundLength }),
      pushed: new Lane({ prepare: postingTo(url), inFlight, roundLength, cpuTimes }),
    };
  };
}

function comparisonOf({ baseline, empty, pushed }: Lanes) {
  const compared = pushed.rounds.map(({ rate }, round) => {
    const [commit, call] = [baseline.rounds[round]?.rate ?? NaN, empty.rounds[round]?.rate ?? NaN];
    return { toBaseline: rate / commit, toBoth: rate * (1 / commit + 1 / call) };
  });
  return {
    baseline: baseline.spreadOf(({ rate }) => rate),
    empty: empty.spreadOf(({ rate }) => rate),
    pushed: pushed.spreadOf(({ rate }) => rate),
    ratio: spreadOf(compared.map(({ toBaseline }) => toBaseline)),
    ratioToBoth: spreadOf(compared.map(({ toBoth }) => toBoth)),
    cpu: pushed.spreadOf(({ cpu: [recording = NaN] }) => recording),
    benchmarkLoad: pushed.spreadOf(({ benchmarkLoad }) => benchmarkLoad).median,
  };
}
