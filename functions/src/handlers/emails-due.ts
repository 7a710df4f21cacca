import { composeResumeEmails } from '../compose/resume-emails.ts';
import { topics } from '../domain/published-message.ts';
import { onSignal } from '../framework/on-message.ts';

/** Looks for open emails whenever Cloud Scheduler publishes a message. */
export const onEmailsDue = onSignal({
  functionName: 'resumeEmails',
  topic: topics.resumeEmails,
  compose: composeResumeEmails,
});
