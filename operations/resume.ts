/** `npm run resume`: has resumeEmails look for open emails now, as Cloud Scheduler does every few minutes. */
import { topics } from '../functions/src/domain/published-message.ts';
import { publishOne } from './target/pubsub.ts';
import { targetHelp, targetOption } from './target/target.ts';
import { readCommandLine, runCommand } from './terminal/command-line.ts';

const { values } = readCommandLine({
  help: `npm run resume -- [--project PROJECT]

Publishes one message to the topic ${topics.resumeEmails}. The function resumeEmails then finishes every email that is due. The
ledger alone says which emails those are, so it does no harm to ask twice.

${targetHelp}`,
  options: targetOption,
});

await runCommand(async () => {
  await publishOne({ requestedBy: 'npm run resume' }, topics.resumeEmails, values.project);
  console.log('resumeEmails logs how many open emails were due, and what became of each.');
});
