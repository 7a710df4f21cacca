/** `npm run resume`: has resumeEmails look for open emails now, as Cloud Scheduler does every few minutes. */
import { topics } from '../functions/src/messages/pubsub-event.ts';
import { findDestination } from './publishing/destination.ts';
import { explained } from './publishing/publishing-error.ts';
import { readCommandLine } from './terminal/command-line.ts';

const { values } = readCommandLine({
  help: `npm run resume -- [--project PROJECT]

Publishes one message to the topic ${topics.resumeEmails}: the function resumeEmails then finishes every email whose time has
come. What that is depends on the ledger alone, so asking twice does no harm.

It asks the emulator that PUBSUB_EMULATOR_HOST names or that npm start has started, and the cloud when --project names
a project there.`,
  options: { project: { type: 'string' } },
});

try {
  await resume();
} catch (error) {
  console.error(explained(error, topics.resumeEmails));
  process.exitCode = 1;
}

async function resume(): Promise<void> {
  const { pubsub, description } = await findDestination(values.project);
  try {
    const json = { requestedBy: 'npm run resume' };
    const messageId = await pubsub.topic(topics.resumeEmails).publishMessage({ json });
    console.log(
      `Message ${messageId} was published to the topic ${topics.resumeEmails} of ${description}.\n` +
        'resumeEmails logs how many open emails were due, and what became of each.',
    );
  } finally {
    await pubsub.close();
  }
}
