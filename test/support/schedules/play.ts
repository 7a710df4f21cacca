import { expect } from 'chai';
import fc from 'fast-check';
import { emptyFirestore } from '../emulators.ts';
import { rememberingLog } from '../log.ts';
import { bringToRest, storedIn } from './ending.ts';
import { factsOf, type Fact } from './history.ts';
import { expectLedgerInOrder } from './ledger-promises.ts';
import { expectedEmails } from './model.ts';
import { schedules, type Move, type Schedule } from './moves.ts';
import { expectEverythingRecorded } from './recording-promises.ts';
import { expectNoDuplicates, expectNothingKnownGivenUp, expectOnlyWantedEmails } from './sending-promises.ts';
import { deliveryUnder } from './system.ts';
import { World } from './world.ts';

export interface Choice {
  readonly seed: number;
  readonly runs: number;
  /** Where among the schedules of the seed to begin: it leads straight to one that failed. */
  readonly path?: string;
}

/** Schedules played at the same time: playing one is mostly waiting for Firestore. */
const LANES = 4;

/**
 * Plays random schedules, all of which the seed decides.
 * @param witness is shown the history of each.
 * @throws Error with the smallest schedule that fails and the command that plays it again.
 */
export async function playSchedules(
  { seed, runs, path }: Choice,
  witness: (history: readonly Fact[]) => void = () => undefined,
): Promise<void> {
  const property = fc.asyncProperty(schedules, async (schedule) => witness(await playSchedule(schedule)));
  const lanes = path === undefined ? Math.min(LANES, runs) : 1;
  const results = await Promise.all(
    Array.from({ length: lanes }, (_, lane) =>
      fc.check(property, { seed: seed + lane, numRuns: Math.ceil(runs / lanes), ...(path && { path }) }),
    ),
  );
  const failed = results.find((result) => result.failed);
  if (failed !== undefined) throw await failure(failed);
}

async function failure(result: fc.RunDetails<[Schedule]>): Promise<Error> {
  const { seed, counterexamplePath, errorInstance } = result;
  const again = `npm run schedules -- --seed ${seed} --path ${counterexamplePath ?? ''}`;
  const report = await fc.asyncDefaultReportMessage(result);
  return new Error(`${report}\n\nPlay it again: ${again}`, { cause: errorInstance });
}

/** Plays one schedule against an empty Firestore. @throws AssertionError when a promise is broken. */
export async function playSchedule({ rules, moves, calm }: Schedule): Promise<readonly Fact[]> {
  const test = await emptyFirestore();
  const { firestore } = test;
  const memory = rememberingLog();
  try {
    const world = new World(firestore, rules, memory.log);
    for (const move of calm ? moves.flatMap(afterEverybody) : moves) await world.make(move);
    await bringToRest(world, firestore);
    const stored = await storedIn(firestore);
    const { history, published } = world;
    expectEverythingRecorded(published, stored);
    expectOnlyWantedEmails(history, deliveryUnder(rules));
    expectNoDuplicates(history, deliveryUnder(rules));
    expectNothingKnownGivenUp(history);
    expectLedgerInOrder(stored, history, rules);
    expect(memory.events(), 'what was logged').to.not.include('email-not-rendered');
    if (calm) expect(emailsTaken(history), 'the emails taken').to.deep.equal(expectedEmails(history, rules));
    return history;
  } finally {
    await test.close();
  }
}

/** Where all is calm, no run stands still while time passes or a customer changes. */
function afterEverybody(move: Move): Move[] {
  return ['pass', 'suppress', 'lift'].includes(move.move) ? [{ move: 'rush' }, move] : [move];
}

function emailsTaken(history: readonly Fact[]): Map<string, number> {
  const taken = new Map<string, number>();
  for (const { attempt, taken: wasTaken } of factsOf(history, 'handed-over')) {
    const { customerId } = attempt.email;
    if (wasTaken) taken.set(customerId, (taken.get(customerId) ?? 0) + 1);
  }
  return taken;
}
