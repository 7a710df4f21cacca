/** The documents of the collection `customers`: how facts are merged into them, and how they are read. */
import { FieldPath, FieldValue } from '@google-cloud/firestore';
import * as z from 'zod';
import type { Customer, CustomerChange } from '../../domain/customer.ts';
import type { EngagementRecord } from '../../domain/engagement.ts';
import type { IdentifiedBuyer } from '../../domain/transaction-record.ts';
import { emailSources, sources, type Transaction } from '../../domain/transaction.ts';
import type { DocumentChange, DocumentFields } from '../../ports.ts';

/** A write without a read: it replaces these fields and no others. */
interface Merge {
  readonly data: Readonly<Record<string, unknown>>;
  readonly options: { readonly mergeFields: (string | FieldPath)[] };
}

/**
 * The changes by a purchase. A vendor's words become values and never names of fields, so that any of them can be stored, and the
 * document stays small however much one customer buys. `latestTransaction`, the name and the locale are the last ones received; everything else does not
 * depend on the order.
 */
export function mergeOfPurchase(transaction: Transaction, buyer: IdentifiedBuyer): Merge {
  const { source, occurredAt, location, items, total } = transaction;
  const one = FieldValue.increment(1);
  const fields = {
    email: buyer.email,
    ...(buyer.name && { name: buyer.name }),
    ...(buyer.locale && { locale: buyer.locale }),
    group: buyer.group,
    transactions: one,
    firstTransactionAt: FieldValue.minimum(occurredAt),
    lastTransactionAt: FieldValue.maximum(occurredAt),
    latestTransaction: { occurredAt, source, ...(location && { location }), items },
  };
  const entries = {
    emailSources: { [buyer.emailSource]: one },
    spend: { [total.currency]: FieldValue.increment(total.amount) },
    transactionsBySource: { [source]: one },
  };
  return merge(fields, entries);
}

/** The changes by an engagement, which are only earliest times. */
export function mergeOfEngagement({ engagement, group }: EngagementRecord): Merge {
  const { type, occurredAt, email } = engagement;
  const fact = type === 'signed-up' ? 'signedUpAt' : 'firstActivityAt';
  return merge({ email, group, [fact]: FieldValue.minimum(occurredAt) });
}

/**
 * @param fields each is replaced as a whole.
 * @param maps only the given entries of each are replaced.
 */
function merge(
  fields: Readonly<Record<string, unknown>>,
  maps: Readonly<Record<string, Readonly<Record<string, unknown>>>> = {},
): Merge {
  const entries = Object.entries(maps).flatMap(([map, keys]) =>
    Object.keys(keys).map((key) => new FieldPath(map, key)),
  );
  return { data: { ...fields, ...maps }, options: { mergeFields: [...Object.keys(fields), ...entries] } };
}

const count = z.int().min(0);
const epochMs = z.number();

const storedLocation = z.object({
  id: z.string(),
  name: z.string().exactOptional(),
  zone: z.string().exactOptional(),
  timeZone: z.string().exactOptional(),
});

const storedItem = z.object({
  sku: z.string(),
  name: z.string().exactOptional(),
  category: z.string().exactOptional(),
  quantity: z.number(),
  unitPrice: z.number(),
});

const storedTransaction = z.object({
  occurredAt: epochMs,
  source: z.enum(sources),
  location: storedLocation.exactOptional(),
  items: z.array(storedItem),
});

const storedCustomer = z.object({
  email: z.string().exactOptional(),
  emailSources: z.partialRecord(z.enum(emailSources), count).default({}),
  name: z.string().exactOptional(),
  locale: z.string().exactOptional(),
  group: z.enum(['outreach', 'control']).default('outreach'),
  transactions: count.default(0),
  spend: z.record(z.string(), z.number()).default({}),
  firstTransactionAt: epochMs.exactOptional(),
  lastTransactionAt: epochMs.exactOptional(),
  transactionsBySource: z.partialRecord(z.enum(sources), count).default({}),
  latestTransaction: storedTransaction.exactOptional(),
  signedUpAt: epochMs.exactOptional(),
  firstActivityAt: epochMs.exactOptional(),
});

/** Reads the document of a customer. @throws Error when this system does not write such a document. */
export function customerFrom(customerId: string, fields: DocumentFields): Customer {
  return { customerId, ...storedCustomer.parse(fields) };
}

/**
 * Reads the change of a customer. Undefined for a deletion, which needs no decision.
 * @throws Error when this system does not write such a document.
 */
export function customerChange({ documentId, before, after }: DocumentChange): CustomerChange | undefined {
  if (after === undefined) return undefined;
  return { before: before && customerFrom(documentId, before), after: customerFrom(documentId, after) };
}
