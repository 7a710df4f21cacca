/** `npm run engage`: publishes that a customer signed up or became active, as the app would report it. */
import { randomUUID } from 'node:crypto';
import { engagementTypes } from '../functions/src/domain/engagement.ts';
import { decodeEngagement } from '../functions/src/messages/engagement.ts';
import { topics } from '../functions/src/domain/published-message.ts';
import { publishOne } from './target/pubsub.ts';
import { targetHelp, targetOption } from './target/target.ts';
import { exitWithUsage, onlyArgument, readCommandLine, runCommand } from './terminal/command-line.ts';

const help = `npm run engage -- EMAIL [--type TYPE] [--project PROJECT]

Publishes one engagement, made now, to the topic ${topics.engagements}. The function recordEngagement updates the customer and
credits a sign-up to the email that won it.

${targetHelp}

  --type TYPE         ${engagementTypes.join(', ')} (${engagementTypes[0]})
  --project PROJECT   a Google Cloud project`;

const { values, positionals } = readCommandLine({
  help,
  allowPositionals: true,
  options: { ...targetOption, type: { type: 'string', default: engagementTypes[0] } },
});
const email = onlyArgument(positionals, 'Name one person by their email address.', help);

const occurredAt = new Date().toISOString();
const engagement = { version: 1, eventId: randomUUID(), type: values.type, occurredAt, customer: { email } };
const decoded = decodeEngagement(Buffer.from(JSON.stringify(engagement)), Date.now());
if ('fault' in decoded) exitWithUsage(decoded.fault.details.join('\n'), help);

await runCommand(() => publishOne(engagement, topics.engagements, values.project));
