import { Cron } from 'croner';
import { schedules as deployed } from '../../functions/subscriptions.ts';
import { systemEnvironment, type Environment } from '../cloud/environment.ts';

/**
 * Plays the jobs of Cloud Scheduler: publishes to each topic when it is due.
 * @param publish publishes an empty message, as the deployed jobs do.
 * @returns a function that ends all jobs.
 */
export function startScheduler(
  publish: (topic: string) => void,
  schedules = deployed,
  environment: Environment = systemEnvironment,
): () => void {
  const jobs = schedules.map(({ topic, cron }) => startJob(() => publish(topic), cron, environment));
  return () => {
    for (const stop of jobs) stop();
  };
}

/** Runs the job whenever it is due. @param cron in the unix-cron format, in UTC. */
function startJob(job: () => void, cron: string, environment: Environment): () => void {
  const times = new Cron(cron, { timezone: 'UTC' });
  let stop = (): void => undefined;
  const waitForNext = (): void => {
    const next = times.nextRun(new Date(environment.now()));
    if (next === null) return;
    stop = environment.after(next.getTime() - environment.now(), () => {
      job();
      waitForNext();
    });
  };
  waitForNext();
  return () => stop();
}
