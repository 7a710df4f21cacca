/** `npm run engage`: has somebody sign up or become active, as the app would report it. */
import { randomUUID } from 'node:crypto';
import { engagementTypes } from '../functions/src/domain/engagement.ts';
import { decodeEngagement } from '../functions/src/messages/engagement.ts';
import { topics } from '../functions/src/domain/published-message.ts';
import { publishOne } from './publishing/publish-one.ts';
import { explained } from './publishing/publishing-error.ts';
import { misused, readCommandLine } from './terminal/command-line.ts';

const help = `npm run engage -- EMAIL [--type TYPE] [--project PROJECT]

Publishes one engagement, which happens now, to the topic ${topics.engagements}: the function recordEngagement brings the
customer up to date, and credits a sign-up to the email that won it.

It publishes to the emulator that PUBSUB_EMULATOR_HOST names or that npm start has started, and to the cloud when
--project names a project there.

  --type TYPE         ${engagementTypes.join(', ')} (${engagementTypes[0]})
  --project PROJECT   a Google Cloud project`;

const { values, positionals } = readCommandLine({
  help,
  allowPositionals: true,
  options: { type: { type: 'string', default: engagementTypes[0] }, project: { type: 'string' } },
});
const [email, ...others] = positionals;
if (email === undefined || others.length > 0) misused('Name one person by their email address.', help);

const occurredAt = new Date().toISOString();
const engagement = { version: 1, eventId: randomUUID(), type: values.type, occurredAt, customer: { email } };
const decoded = decodeEngagement(Buffer.from(JSON.stringify(engagement)), Date.now());
if ('fault' in decoded) misused(decoded.fault.details.join('\n'), help);

try {
  await publishOne(engagement, topics.engagements, values.project);
} catch (error) {
  console.error(explained(error, topics.engagements));
  process.exitCode = 1;
}
