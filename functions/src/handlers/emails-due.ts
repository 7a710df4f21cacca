import { composeResumeEmails } from '../compose.ts';
import { topics } from '../messages/pubsub-event.ts';
import { resumeEmails } from '../usecases/resume-emails.ts';
import { sendFirstSteps } from '../usecases/send-first-steps.ts';
import { onPublished } from './on-published.ts';

/** Cloud Scheduler says that it is time to look for open emails. What the message says does not matter. */
export const onEmailsDue = onPublished({
  functionName: 'resumeEmails',
  topic: topics.resumeEmails,
  compose: composeResumeEmails,
  story: async (_, to) => {
    if (await to.sendingSwitch.isPaused()) return to.log.sendingPaused();
    await resumeEmails(to);
    await sendFirstSteps(to);
  },
});
