import { z } from 'zod';
import type { MessageFault } from '../domain/quarantine.ts';
import { emailSources, sources, type Buyer, type Transaction } from '../domain/transaction.ts';
import { emailAddress } from './email-address.ts';
import { faultDetails, parseJson } from './json.ts';

/**
 * The message of one purchase, version 1, as a source publishes it to the topic `transactions`.
 * This schema is the contract: `docs/schemas/transaction.v1.json` is generated from it.
 */

/** How far a source's clock may run ahead of ours, in ms. */
const CLOCK_TOLERANCE = 5 * 60_000;

/** Text as a source writes it. Firestore stores UTF-8, which has no lone surrogates; NUL breaks what reads the text later. */
const text = (max: number) =>
  z
    .string()
    .max(max)
    .refine((value) => value.isWellFormed() && !value.includes('\0'), {
      error: 'must be well-formed Unicode without NUL',
    });

const identifier = (max: number) => text(max).min(1);

const customer = z.object({
  email: emailAddress.exactOptional(),
  emailSource: z.enum(emailSources).exactOptional().meta({
    description: 'Typed at the checkout, or known from the payment card. checkout when absent.',
  }),
  name: text(200).exactOptional(),
  locale: text(35).exactOptional().meta({ description: 'A BCP 47 language tag, such as es-MX.' }),
});

const location = z.object({
  id: identifier(128),
  name: text(200).exactOptional(),
  zone: text(128).exactOptional(),
  timeZone: text(64).exactOptional().meta({ description: 'An IANA time zone, such as Europe/Madrid.' }),
});

const minorUnits = z.int().min(0);

const item = z.object({
  sku: identifier(128),
  name: text(200),
  category: text(128).exactOptional(),
  quantity: z
    .number()
    .positive()
    .meta({ description: 'Pieces, or a part of one for what is sold by weight.' }),
  unitPrice: minorUnits.meta({ description: 'In minor units of the currency of the total.' }),
});

const currencies = new Set(Intl.supportedValuesOf('currency'));

const total = z.object({
  amount: minorUnits.meta({ description: 'In minor units: 1250 is 12.50 EUR.' }),
  currency: z
    .string()
    .regex(/^[A-Z]{3}$/u, { error: 'must be three capital letters (ISO 4217)' })
    .refine((code) => currencies.has(code), { error: 'is not a currency of ISO 4217' }),
});

export const transactionSchema = z
  .object({
    version: z.literal(1).exactOptional().meta({ description: '1 when absent.' }),
    transactionId: identifier(128).meta({
      description: 'Unique within the source; the same ID again is the same purchase.',
    }),
    source: z.enum(sources),
    occurredAt: z.iso.datetime({ offset: true, error: 'must be a date and time with offset (RFC 3339)' }),
    customer: customer.exactOptional(),
    location: location.exactOptional(),
    items: z.array(item).max(500).exactOptional(),
    total,
  })
  .meta({ title: 'Transaction, version 1', description: 'One successful purchase.' });

type TransactionMessage = z.output<typeof transactionSchema>;

/**
 * Reads the message of one purchase.
 * @param now epoch milliseconds: a purchase cannot have happened later.
 */
export function decodeTransaction(
  data: Uint8Array,
  now: number,
): { transaction: Transaction } | { fault: MessageFault } {
  const json = parseJson(data);
  if ('fault' in json) return json;
  const parsed = transactionSchema.safeParse(json.value);
  if (!parsed.success) {
    const versionIsWrong = parsed.error.issues.some(({ path }) => path[0] === 'version');
    return {
      fault: {
        reason: versionIsWrong ? 'unsupported-version' : 'invalid-transaction',
        details: faultDetails(parsed.error),
      },
    };
  }
  const transaction = transactionFrom(parsed.data);
  if (transaction.occurredAt > now + CLOCK_TOLERANCE) {
    const details = ['occurredAt: must not lie more than 5 minutes in the future'];
    return { fault: { reason: 'invalid-transaction', details } };
  }
  return { transaction };
}

function transactionFrom(message: TransactionMessage): Transaction {
  const { transactionId, source, occurredAt, customer, location, items = [], total } = message;
  const buyer = buyerFrom(customer);
  return {
    transactionId,
    source,
    occurredAt: Date.parse(occurredAt),
    ...(buyer && { buyer }),
    ...(location && { location }),
    items,
    total,
  };
}

function buyerFrom(customer: TransactionMessage['customer']): Buyer | undefined {
  if (customer?.email === undefined) return undefined;
  const { email, emailSource = 'checkout', ...rest } = customer;
  return { email, emailSource, ...rest };
}
