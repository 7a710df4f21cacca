/** A process that plays schedules for `players.ts`, one task at a time. */
import './virtual-world.ts';
import { createHash } from 'node:crypto';
import { AssertionError, config as assertions } from 'chai';
import fc from 'fast-check';
import { hardCases } from './hard-cases.ts';
import type { Fact } from './history.ts';
import type { Schedule } from './moves.ts';
import { expectSameOverSockets, playSchedule } from './play.ts';
import type { Result, Task } from './players.ts';
import { schedules } from './random-schedules.ts';

// Firestore's client and chai would spend a tenth of the time on stacks and proxies.
assertions.useProxy = false;
Error.stackTraceLimit = 0;

process.on('message', (task: Task) => {
  void perform(task).then((result) => process.send?.(result));
});
process.once('disconnect', () => process.exit());

/** Never throws. */
async function perform(task: Task): Promise<Result> {
  const counts: Partial<Record<Fact['fact'], number>> = {};
  const digest = createHash('sha256');
  const play = async (schedule: Schedule, overSockets: boolean) => {
    const played = await playSchedule(schedule);
    if (overSockets) await expectSameOverSockets(schedule, played);
    digest.update(played.digest);
    for (const { fact } of played.history) counts[fact] = (counts[fact] ?? 0) + 1;
  };
  const outcome = 'hardCase' in task ? await playHardCase(task, play) : await playRandom(task, play);
  return { ...outcome, counts, digest: digest.digest('hex') };
}

type Outcome = Omit<Result, 'counts' | 'digest'>;
type Play = (schedule: Schedule, overSockets: boolean) => Promise<void>;

async function playHardCase({ hardCase }: { hardCase: string }, play: Play): Promise<Outcome> {
  const found = hardCases.find(({ name }) => name === hardCase);
  if (found === undefined) return { runs: 0, failure: `There is no hard case “${hardCase}”.` };
  try {
    await play(found.schedule, true);
    return { runs: 1 };
  } catch (error) {
    return { runs: 1, failure: textOf(error) };
  }
}

/** The first of the schedules goes over sockets as well. */
async function playRandom(
  { seed, runs, path, endOnFailure }: Exclude<Task, { hardCase: string }>,
  play: Play,
): Promise<Outcome> {
  let played = 0;
  const property = fc.asyncProperty(schedules, async (schedule) => {
    played += 1;
    await play(schedule, played === 1);
  });
  const given = { seed, numRuns: runs, endOnFailure: endOnFailure === true, ...(path && { path }) };
  const result = await fc.check(property, given);
  const { counterexamplePath, errorInstance, numRuns } = result;
  if (!result.failed) return { runs: numRuns };
  if (endOnFailure) {
    const brokePromise = errorInstance instanceof AssertionError;
    return { runs: numRuns, failure: textOf(errorInstance), brokePromise };
  }
  const report = await fc.asyncDefaultReportMessage(result);
  const again = `npm run schedules -- --seed ${seed} --path ${counterexamplePath ?? ''}`;
  return { runs: numRuns, failure: `${report}\n\n${textOf(errorInstance)}\n\nPlay it again: ${again}` };
}

function textOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
