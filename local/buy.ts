/** `npm run buy`: has somebody buy one thing, as the app would report it. */
import { randomUUID } from 'node:crypto';
import { topics } from '../functions/src/domain/published-message.ts';
import { decodeTransaction } from '../functions/src/messages/transaction.ts';
import { publishOne } from './publishing/publish-one.ts';
import { explained } from './publishing/publishing-error.ts';
import { misused, readCommandLine } from './terminal/command-line.ts';

const ITEM = 'Quinoa Bowl';

const help = `npm run buy -- EMAIL [--item NAME] [--project PROJECT]

Publishes one purchase, which happens now, to the topic ${topics.transactions}: the function recordTransaction records it, and
targetCustomer decides whether it earns an email. Many purchases, and other ones: npm run publish.

It publishes to the emulator that PUBSUB_EMULATOR_HOST names or that npm start has started, and to the cloud when
--project names a project there.

  --item NAME         what is bought (${ITEM})
  --project PROJECT   a Google Cloud project`;

const { values, positionals } = readCommandLine({
  help,
  allowPositionals: true,
  options: { item: { type: 'string', default: ITEM }, project: { type: 'string' } },
});
const [email, ...others] = positionals;
if (email === undefined || others.length > 0) misused('Name one person by their email address.', help);

const purchase = {
  version: 1,
  transactionId: randomUUID(),
  source: 'mobile-app',
  occurredAt: new Date().toISOString(),
  customer: { email, emailSource: 'checkout' },
  location: { id: 'fridge-12', name: 'Central Station' },
  items: [{ sku: 'SIMULATED', name: values.item, quantity: 1, unitPrice: 890 }],
  total: { amount: 890, currency: 'USD' },
};
const decoded = decodeTransaction(Buffer.from(JSON.stringify(purchase)), Date.now());
if ('fault' in decoded) misused(decoded.fault.details.join('\n'), help);

try {
  await publishOne(purchase, topics.transactions, values.project);
} catch (error) {
  console.error(explained(error, topics.transactions));
  process.exitCode = 1;
}
