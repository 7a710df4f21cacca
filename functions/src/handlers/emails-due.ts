import { composeResumeEmails } from '../compose/resume-emails.ts';
import { topics } from '../domain/published-message.ts';
import { onSignal } from '../framework/on-message.ts';

/** Cloud Scheduler signals that it is time to look for open emails. */
export const onEmailsDue = onSignal({
  functionName: 'resumeEmails',
  topic: topics.resumeEmails,
  compose: composeResumeEmails,
});
