/** `npm run resume`: has resumeEmails look for open emails now, as Cloud Scheduler does every few minutes. */
import { topics } from '../functions/src/domain/published-message.ts';
import { publishOne } from './publishing/publish-one.ts';
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
  await publishOne({ requestedBy: 'npm run resume' }, topics.resumeEmails, values.project);
  console.log('resumeEmails logs how many open emails were due, and what became of each.');
} catch (error) {
  console.error(explained(error, topics.resumeEmails));
  process.exitCode = 1;
}
