import * as z from 'zod';
import type { Decoded } from '../domain/quarantine.ts';
import type { EpochMs } from '../domain/time.ts';
import { emailSources, sources, type Buyer, type Transaction } from '../domain/transaction.ts';
import { emailAddress } from './email-address.ts';
import { identifier, instant, isTooFarAhead, occurredTooFarAhead, text, versionOne } from './fields.ts';
import { checkedMessage, checkedValue } from './json-message.ts';

/**
 * The message of one purchase, version 1, as a source publishes it to the topic `transactions`.
 * This schema is the contract: `docs/schemas/transaction.v1.json` is generated from it.
 */

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
    version: versionOne,
    transactionId: identifier(128).meta({
      description: 'Unique within the source; the same ID again is the same purchase.',
    }),
    source: z.enum(sources),
    occurredAt: instant,
    customer: customer.exactOptional(),
    location: location.exactOptional(),
    items: z.array(item).max(500).exactOptional(),
    total,
  })
  .meta({ title: 'Transaction, version 1', description: 'One successful purchase.' });

type TransactionMessage = z.output<typeof transactionSchema>;

/** Decodes the message of one purchase, whose time must not be in the future. */
export function decodeTransaction(data: Uint8Array, now: EpochMs): Decoded<Transaction> {
  return pastTransaction(checkedMessage(data, transactionSchema, 'invalid-transaction'), now);
}

/** Checks a parsed purchase, as `decodeTransaction` does. */
export function checkedTransaction(value: unknown, now: EpochMs): Decoded<Transaction> {
  return pastTransaction(checkedValue(value, transactionSchema, 'invalid-transaction'), now);
}

function pastTransaction(message: Decoded<TransactionMessage>, now: EpochMs): Decoded<Transaction> {
  if ('fault' in message) return message;
  const transaction = transactionFrom(message.value);
  return isTooFarAhead(transaction.occurredAt, now)
    ? { fault: occurredTooFarAhead('invalid-transaction') }
    : { value: transaction };
}

function transactionFrom(message: TransactionMessage): Transaction {
  const { transactionId, source, occurredAt, customer, location, items = [], total } = message;
  const buyer = buyerFrom(customer);
  return {
    transactionId,
    source,
    occurredAt,
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
