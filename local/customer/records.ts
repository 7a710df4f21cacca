import { isUtf8 } from 'node:buffer';
import { Timestamp, type DocumentData, type Firestore, type Query } from '@google-cloud/firestore';
import { found } from '../database/found.ts';
import type { Person } from './person.ts';
import { quarantinedWith } from './quarantined.ts';

/** What is stored about one person, as JSON has it: docs/architecture.md explains the fields. */
export interface Records {
  readonly customerId: string;
  readonly customer?: DocumentData;
  readonly outreach?: DocumentData;
  /** The oldest first, as the emails and the messages are. */
  readonly transactions: readonly DocumentData[];
  readonly emails: readonly DocumentData[];
  /** Messages that never became anything else, and name the address. */
  readonly quarantine: readonly DocumentData[];
}

/** Where what belongs to a pseudonym is stored. */
export function placesOf(firestore: Firestore, { customerId }: Pick<Person, 'customerId'>) {
  const ofCustomer = (collection: string): Query =>
    firestore.collection(collection).where('customerId', '==', customerId);
  return {
    customer: firestore.collection('customers').doc(customerId),
    outreach: firestore.collection('outreach').doc(customerId),
    transactions: ofCustomer('transactions'),
    emails: ofCustomer('emails'),
  };
}

/** Collects all that is stored about a person; of the quarantine it reads every message there is. */
export async function recordsOf(firestore: Firestore, person: Person): Promise<Records> {
  const places = placesOf(firestore, person);
  const [customer, outreach] = await firestore.getAll(places.customer, places.outreach);
  return {
    customerId: person.customerId,
    ...(customer?.exists && { customer: asJson(customer.data()) as DocumentData }),
    ...(outreach?.exists && { outreach: asJson(outreach.data()) as DocumentData }),
    transactions: inOrder(await all(found(places.transactions)), 'occurredAt'),
    emails: inOrder(await all(found(places.emails)), 'sequence'),
    quarantine: inOrder(await all(quarantinedWith(firestore, person.email)), 'receivedAt'),
  };
}

async function all(documents: AsyncIterable<{ readonly id: string; data(): DocumentData }>) {
  const collected: DocumentData[] = [];
  for await (const document of documents) {
    collected.push({ id: document.id, ...(asJson(document.data()) as DocumentData) });
  }
  return collected;
}

/** Sorted here, because each order of a selection takes an index of its own. */
function inOrder(documents: readonly DocumentData[], field: string): DocumentData[] {
  const key = (document: DocumentData) => document[field] as string | number;
  return documents.toSorted((one, other) => (key(one) < key(other) ? -1 : 1));
}

/** Timestamps become ISO 8601, and bytes become text where they are text. */
function asJson(value: unknown): unknown {
  if (value instanceof Timestamp) return value.toDate().toISOString();
  if (Buffer.isBuffer(value)) return isUtf8(value) ? value.toString() : value.toString('base64');
  if (Array.isArray(value)) return value.map(asJson);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([name, entry]) => [name, asJson(entry)]));
}
