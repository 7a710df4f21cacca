/** `npm run buy`: publishes one purchase by one customer, as the app would report it. */
import { randomUUID } from 'node:crypto';
import { topics } from '../functions/src/domain/published-message.ts';
import { decodeTransaction } from '../functions/src/messages/transaction.ts';
import { publishOne } from './target/pubsub.ts';
import { targetHelp, targetOption } from './target/target.ts';
import { exitWithUsage, onlyArgument, readCommandLine, runCommand } from './terminal/command-line.ts';

const ITEM = 'Quinoa Bowl';

const help = `npm run buy -- EMAIL [--item NAME] [--project PROJECT]

Publishes one purchase, made now, to the topic ${topics.transactions}. The function recordTransaction records it, and
targetCustomer decides whether it earns an email. For many purchases, or other ones, see npm run publish.

${targetHelp}

  --item NAME         the item (${ITEM})
  --project PROJECT   a Google Cloud project`;

const { values, positionals } = readCommandLine({
  help,
  allowPositionals: true,
  options: { ...targetOption, item: { type: 'string', default: ITEM } },
});
const email = onlyArgument(positionals, 'Name one person by their email address.', help);

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
if ('fault' in decoded) exitWithUsage(decoded.fault.details.join('\n'), help);

await runCommand(() => publishOne(purchase, topics.transactions, values.project));
