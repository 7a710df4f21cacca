import type { Log } from '../log.ts';
import type { SendingSwitch } from '../ports.ts';
import type { ResumeOpenEmails } from './resume-open-emails.ts';
import type { SendFirstSteps } from './send-first-steps.ts';

/**
 * Cloud Scheduler's turn: open emails are finished and due first steps are sent, unless sending is paused.
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
