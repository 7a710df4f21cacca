import { expect } from 'chai';
import fc from 'fast-check';
import { emptyFirestore } from '../emulators.ts';
import { recordingLog } from '../log.ts';
import { settle, storedIn } from './final-state.ts';
import { factsOf, type Fact } from './history.ts';
import { expectLedgerInOrder } from './ledger-promises.ts';
import { expectedEmails } from './model.ts';
import { schedules, type Move, type Schedule } from './moves.ts';
import { expectEverythingRecorded } from './recording-promises.ts';
import { expectNoDuplicates, expectNothingKnownGivenUp, expectOnlyWantedEmails } from './sending-promises.ts';
import { sendingPolicyUnder } from './system.ts';
import { Simulation } from './simulation.ts';

export interface Choice {
  readonly seed: number;
  readonly runs: number;
  /** fast-check's path among the schedules of the seed: it leads straight to one that failed. */
  readonly path?: string;
}

/** How many schedules are played at the same time: playing one is mostly waiting for Firestore. */
const CONCURRENCY = 4;

/**
 * Plays random schedules, which the seed determines.
 * @param onHistory receives the history of each.
 * @throws Error with the smallest schedule that fails and the command that plays it again.
 */
export async function playSchedules(
  { seed, runs, path }: Choice,
  onHistory: (history: readonly Fact[]) => void = () => undefined,
): Promise<void> {
  const property = fc.asyncProperty(schedules, async (schedule) => onHistory(await playSchedule(schedule)));
  const parts = path === undefined ? Math.min(CONCURRENCY, runs) : 1;
  const results = await Promise.all(
    Array.from({ length: parts }, (_, part) =>
      fc.check(property, { seed: seed + part, numRuns: Math.ceil(runs / parts), ...(path && { path }) }),
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
export async function playSchedule({ rules, moves, withFaults }: Schedule): Promise<readonly Fact[]> {
  const test = await emptyFirestore();
  const { firestore } = test;
  const recorded = recordingLog();
  try {
    const simulation = new Simulation(firestore, rules, recorded.log);
    for (const move of withFaults ? moves : moves.flatMap(afterAllRuns)) await simulation.perform(move);
    await settle(simulation, firestore);
    const stored = await storedIn(firestore);
    const { history, published } = simulation;
    expectEverythingRecorded(published, stored);
    expectOnlyWantedEmails(history, sendingPolicyUnder(rules));
    expectNoDuplicates(history, sendingPolicyUnder(rules));
    expectNothingKnownGivenUp(history);
    expectLedgerInOrder(stored, history, rules);
    expect(recorded.events(), 'what was logged').to.not.include('email-not-rendered');
    if (!withFaults) expect(emailsAccepted(history)).to.deep.equal(expectedEmails(history, rules));
    return history;
  } finally {
    await test.close();
  }
}

/** Without faults, no run is under way while time passes or a suppression changes. */
function afterAllRuns(move: Move): Move[] {
  return ['pass-time', 'suppress', 'lift'].includes(move.move) ? [{ move: 'finish-all' }, move] : [move];
}

function emailsAccepted(history: readonly Fact[]): Map<string, number> {
  const counts = new Map<string, number>();
  for (const { attempt, accepted } of factsOf(history, 'handed-over')) {
    const { customerId } = attempt.email;
    if (accepted) counts.set(customerId, (counts.get(customerId) ?? 0) + 1);
  }
  return counts;
}
