import { isUtf8 } from 'node:buffer';
import { Timestamp, type DocumentData, type Firestore, type Query } from '@google-cloud/firestore';
import { streamOf } from '../target/queries.ts';
import { quarantinedWith } from './address-search.ts';
import type { Person } from './person.ts';

/** All that is stored about one person, as JSON. docs/architecture.md explains the fields. */
export interface Records {
  readonly customerId: string;
  readonly customer?: DocumentData;
  readonly outreach?: DocumentData;
  /** The oldest first, as in every list here. */
  readonly transactions: readonly DocumentData[];
  readonly emails: readonly DocumentData[];
  /** The quarantined messages that contain the address. */
  readonly quarantine: readonly DocumentData[];
}

/** Whether nothing is stored about the person. */
export function isEmpty({ customer, outreach, transactions, emails, quarantine }: Records): boolean {
  const documents = transactions.length + emails.length + quarantine.length;
  return customer === undefined && outreach === undefined && documents === 0;
}

/** Where the documents of a customer are. */
export function documentsOf(firestore: Firestore, { customerId }: Pick<Person, 'customerId'>) {
  const ofCustomer = (collection: string): Query =>
    firestore.collection(collection).where('customerId', '==', customerId);
  return {
    customer: firestore.collection('customers').doc(customerId),
    outreach: firestore.collection('outreach').doc(customerId),
    transactions: ofCustomer('transactions'),
    emails: ofCustomer('emails'),
  };
}

/** Reads all that is stored about a person, and every message in quarantine. */
export async function recordsOf(firestore: Firestore, person: Person): Promise<Records> {
  const documents = documentsOf(firestore, person);
  const [customer, outreach] = await firestore.getAll(documents.customer, documents.outreach);
  return {
    customerId: person.customerId,
    ...(customer?.exists && { customer: asJson(customer.data()) as DocumentData }),
    ...(outreach?.exists && { outreach: asJson(outreach.data()) as DocumentData }),
    transactions: await sorted(streamOf(documents.transactions), 'occurredAt'),
    emails: await sorted(streamOf(documents.emails), 'sequence'),
    quarantine: await sorted(quarantinedWith(firestore, person.email), 'receivedAt'),
  };
}

/** Sorts here instead of in the query, which would need an index. */
async function sorted(
  documents: AsyncIterable<{ readonly id: string; data(): DocumentData }>,
  field: string,
): Promise<DocumentData[]> {
  const key = (document: DocumentData) => document[field] as string | number;
  const all = await Array.fromAsync(documents, (document): DocumentData => {
    return { id: document.id, ...(asJson(document.data()) as DocumentData) };
  });
  return all.sort((one, other) => (key(one) < key(other) ? -1 : 1));
}

/** Timestamps become ISO 8601. Bytes become text if they are UTF-8, otherwise base64. */
function asJson(value: unknown): unknown {
  if (value instanceof Timestamp) return value.toDate().toISOString();
  if (Buffer.isBuffer(value)) return isUtf8(value) ? value.toString() : value.toString('base64');
  if (Array.isArray(value)) return value.map(asJson);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([name, entry]) => [name, asJson(entry)]));
}
