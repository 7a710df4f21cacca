import type { Log } from '../log.ts';
import type { SendingSwitch } from '../ports.ts';
import type { ResumeOpenEmails } from './resume-open-emails.ts';
import type { SendFirstSteps } from './send-first-steps.ts';

/**
 * Finishes open emails and sends due first steps, unless sending is paused. Cloud Scheduler starts it.
 * @throws RetryableError when the ledger cannot be read.
 */
export type ResumeEmails = () => Promise<void>;

export function createResumeEmails({
  sendingSwitch,
  resumeOpenEmails,
  sendFirstSteps,
  log,
}: {
  readonly sendingSwitch: SendingSwitch;
  readonly resumeOpenEmails: ResumeOpenEmails;
  readonly sendFirstSteps: SendFirstSteps;
  readonly log: Log;
}): ResumeEmails {
  return async () => {
    if (await sendingSwitch.isPaused()) return log.sendingPaused();
    await resumeOpenEmails();
    await sendFirstSteps();
  };
}
