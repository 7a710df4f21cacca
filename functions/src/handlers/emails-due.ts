import type { CloudEvent } from '@google-cloud/functions-framework';
import { composeResumeEmails, logFor } from '../compose.ts';
import { resumeEmails } from '../usecases/resume-emails.ts';
import { traceparentOf } from './traceparent.ts';

/** Cloud Scheduler says that it is time to look for open emails. What the message says does not matter. */
export async function onEmailsDue(event: CloudEvent<unknown>): Promise<void> {
  const log = logFor(traceparentOf(event));
  try {
    await resumeEmails({ ...(await composeResumeEmails()), log });
  } catch (error) {
    log.functionFailed('resumeEmails', {}, error);
    throw error;
  }
}
