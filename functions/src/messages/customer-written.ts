import * as z from 'zod';
import type { Customer } from '../domain/customer.ts';
import { emailSources, sources } from '../domain/transaction.ts';
import { decodeDocumentEvent, type DocumentFields } from './document-event.ts';

/** A write to `customers/{customerId}`, which is what makes the system think about that customer. */
export interface CustomerWritten {
  readonly before: Customer | undefined;
  readonly after: Customer;
}

const count = z.int().min(0);
const counts = z.record(z.string(), count).default({});
const epochMs = z.number();

const location = z.object({
  id: z.string(),
  name: z.string().exactOptional(),
  zone: z.string().exactOptional(),
  timeZone: z.string().exactOptional(),
});

const item = z.object({
  sku: z.string(),
  name: z.string(),
  category: z.string().exactOptional(),
  quantity: z.number(),
  unitPrice: z.number(),
});

const latestTransaction = z.object({
  occurredAt: epochMs,
  source: z.enum(sources),
  location: location.exactOptional(),
  items: z.array(item),
});

const customerFields = z.object({
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
  transactionsByLocation: counts,
  latestTransaction: latestTransaction.exactOptional(),
  signedUpAt: epochMs.exactOptional(),
  firstActivityAt: epochMs.exactOptional(),
});

/**
 * Reads the event of a written customer. Undefined for a deletion, which says nothing about outreach.
 * @throws Error when the bytes or the document are not what this system writes.
 */
export function decodeCustomerWritten(data: Uint8Array): CustomerWritten | undefined {
  const { documentId, before, after } = decodeDocumentEvent(data);
  if (after === undefined) return undefined;
  return { before: before && customerFrom(documentId, before), after: customerFrom(documentId, after) };
}

/** Reads the document of a customer. @throws Error when it is not what this system writes. */
export function customerFrom(customerId: string, fields: DocumentFields): Customer {
  return { customerId, ...customerFields.parse(withoutNulls(fields)) };
}

/** A merging write can only overwrite an absent value with null, so that null means absent. */
function withoutNulls(value: unknown): unknown {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return value;
  return Object.fromEntries(
    Object.entries(value)
      .filter(([, entry]) => entry !== null)
      .map(([name, entry]) => [name, withoutNulls(entry)]),
  );
}
