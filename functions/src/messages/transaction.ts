import * as z from 'zod';
import { currencies } from '../domain/currency.ts';
import type { Decoded, MessageFault } from '../domain/quarantine.ts';
import type { EpochMs } from '../domain/time.ts';
import {
  emailSources,
  reversals,
  sources,
  type Buyer,
  type Reversal,
  type Transaction,
} from '../domain/transaction.ts';
import { unfitPart, without } from './decoration.ts';
import { emailAddress } from './email-address.ts';
import {
  identifier,
  instant,
  isTooFarAhead,
  label,
  occurredTooFarAhead,
  text,
  versionOne,
} from './fields.ts';
import { faultOf, parseJson } from './json-message.ts';

/**
 * The message of one purchase, version 1, as a source publishes it to the topic `transactions`.
 * This schema is the contract: `docs/schemas/transaction.v1.json` is generated from it.
 */

const customer = z.object({
  email: emailAddress.exactOptional(),
  emailSource: z.enum(emailSources).exactOptional().meta({
    description: 'Typed at the checkout, or known from the payment card. checkout when absent.',
  }),
  name: label(200).exactOptional(),
  locale: text(35).exactOptional().meta({ description: 'A BCP 47 language tag, such as es-MX.' }),
});

const location = z.object({
  id: identifier(128),
  name: label(200).exactOptional(),
  zone: text(128).exactOptional(),
  timeZone: text(64).exactOptional().meta({ description: 'An IANA time zone, such as Europe/Madrid.' }),
});

const minorUnits = z.int().min(0);

const item = z.object({
  sku: identifier(128),
  name: label(200).exactOptional(),
  category: text(128).exactOptional(),
  quantity: z
    .number()
    .positive()
    .meta({ description: 'Pieces, or a part of one for what is sold by weight.' }),
  unitPrice: minorUnits.meta({ description: 'In minor units of the currency of the total.' }),
});

const total = z.object({
  amount: z.int().meta({ description: 'In minor units: 1250 is 12.50 EUR. Below zero, it is a refund.' }),
  currency: z.enum(currencies, { error: 'is not a currency of ISO 4217, in capital letters' }).meta({
    description: 'A code of ISO 4217 that has a minor unit.',
  }),
});

export const transactionSchema = z
  .object({
    version: versionOne,
    transactionId: identifier(128).meta({
      description: 'Unique within the source; the same ID again is the same purchase.',
    }),
    type: z
      .enum(['purchase', ...reversals])
      .exactOptional()
      .meta({
        description: 'purchase when absent. A refund and a void are accepted, and change nothing.',
      }),
    source: z.enum(sources),
    occurredAt: instant,
    customer: customer.exactOptional(),
    location: location.exactOptional(),
    items: z.array(item).max(500).exactOptional(),
    total,
  })
  .meta({
    title: 'Transaction, version 1',
    description:
      'One successful purchase. The name and the locale of the customer, the location and the items are decoration: what ' +
      'of them does not fit this schema is left out, and the purchase counts. A fault in any other field costs the purchase.',
  });

type TransactionMessage = z.output<typeof transactionSchema>;

/** Decodes the message of one purchase, whose time must not be in the future. */
export function decodeTransaction(data: Uint8Array, now: EpochMs): Decoded<Transaction> {
  const json = parseJson(data);
  return 'fault' in json ? json : checkedTransaction(json.value, now);
}

/** Checks a parsed purchase, as `decodeTransaction` does. */
export function checkedTransaction(value: unknown, now: EpochMs): Decoded<Transaction> {
  const fitting = fittingMessage(value, []);
  if ('fault' in fitting) return fitting;
  const transaction = transactionFrom(fitting.value, fitting.leftOut);
  return isTooFarAhead(transaction.occurredAt, now)
    ? { fault: occurredTooFarAhead('invalid-transaction') }
    : { value: transaction };
}

/** A message without the parts of its decoration that break the contract. */
function fittingMessage(
  value: unknown,
  leftOut: readonly string[],
): { value: TransactionMessage; leftOut: readonly string[] } | { fault: MessageFault } {
  const parsed = transactionSchema.safeParse(value);
  if (parsed.success) return { value: parsed.data, leftOut };
  const { issues } = parsed.error;
  const deciding = issues.filter((issue) => unfitPart(issue) === undefined);
  if (deciding.length > 0) return { fault: faultOf(deciding, 'invalid-transaction') };
  const unfit = new Set(issues.map(unfitPart).filter((part) => part !== undefined));
  // A check that ran only on parts that fit may fail now, so what remains is checked again.
  return fittingMessage(without(unfit, value), [...leftOut, ...unfit]);
}

function transactionFrom(message: TransactionMessage, leftOut: readonly string[]): Transaction {
  const { transactionId, source, occurredAt, customer, location, items = [], total } = message;
  const reversal = reversalIn(message);
  const buyer = buyerFrom(customer);
  return {
    transactionId,
    source,
    occurredAt,
    ...(reversal && { reversal }),
    ...(buyer && { buyer }),
    ...(location && { location }),
    items,
    total,
    ...(leftOut.length > 0 && { leftOut }),
  };
}

/** Points of sale that do not name a refund report a total below zero. */
function reversalIn({ type = 'purchase', total }: TransactionMessage): Reversal | undefined {
  if (type !== 'purchase') return type;
  return total.amount < 0 ? 'refund' : undefined;
}

function buyerFrom(customer: TransactionMessage['customer']): Buyer | undefined {
  if (customer?.email === undefined) return undefined;
  const { email, emailSource = 'checkout', ...rest } = customer;
  return { email, emailSource, ...rest };
}
