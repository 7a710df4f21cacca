import type { DocumentSnapshot, Firestore, Query, WriteBatch } from '@google-cloud/firestore';
import type { Suppression } from '../../functions/src/domain/outreach.ts';
import type { Person } from './person.ts';
import { quarantinedWith } from './quarantined.ts';
import { placesOf } from './records.ts';

/** How much there is to erase, or was erased. */
export interface Erasure {
  /** 0 or 1. */
  readonly customers: number;
  readonly quarantined: number;
  readonly emails: number;
  readonly transactions: number;
}

/** Documents that are changed in one commit. */
const AT_ONCE = 300;

/** What `erase` would find now. */
export async function toErase(firestore: Firestore, person: Person): Promise<Erasure> {
  const { customer, emails, transactions } = placesOf(firestore, person);
  const quarantined = await Array.fromAsync(quarantinedWith(firestore, person.email), ({ id }) => id);
  return {
    customers: (await customer.get()).exists ? 1 : 0,
    quarantined: quarantined.length,
    emails: await count(emails),
    transactions: await count(transactions),
  };
}

async function count(query: Query): Promise<number> {
  return (await query.count().get()).data().count;
}

/**
 * Forgets a person. The suppression comes first, so that from then on nobody claims an email to them, even if they buy
 * again; what names them directly comes next. Every step finds its work by the address or its pseudonym alone: after a
 * crash anywhere, doing all of it again does what is left, and again nothing more.
 * @param now epoch milliseconds.
 */
export async function erase(firestore: Firestore, person: Person, now: number): Promise<Erasure> {
  const { customer, emails, transactions } = placesOf(firestore, person);
  await leaveNothingButSuppression(firestore, person, now);
  const customers = (await customer.get()).exists ? 1 : 0;
  await customer.delete();
  return {
    customers,
    quarantined: await discardQuarantined(firestore, person),
    emails: await changeAll(emails, (batch, { ref }) => batch.delete(ref)),
    transactions: await changeAll(transactions, (batch, { ref }) => batch.update(ref, { customerId: null })),
  };
}

/** The first erasure is the one that is remembered. */
async function leaveNothingButSuppression(firestore: Firestore, person: Person, now: number): Promise<void> {
  const { outreach } = placesOf(firestore, person);
  await firestore.runTransaction(async (transaction) => {
    const known = (await transaction.get(outreach)).data() as Suppression | undefined;
    const suppression: Suppression = { suppressions: { erased: known?.suppressions?.erased ?? now } };
    transaction.set(outreach, suppression);
  });
}

async function discardQuarantined(firestore: Firestore, { email }: Person): Promise<number> {
  let discarded = 0;
  for await (const message of quarantinedWith(firestore, email)) {
    await message.ref.delete();
    discarded += 1;
  }
  return discarded;
}

/** @param change must take a document out of what the query finds. @returns how many were changed. */
async function changeAll(
  query: Query,
  change: (batch: WriteBatch, document: DocumentSnapshot) => void,
): Promise<number> {
  let changed = 0;
  for (;;) {
    const { docs } = await query.limit(AT_ONCE).select().get();
    if (docs.length === 0) return changed;
    const batch = query.firestore.batch();
    for (const document of docs) change(batch, document);
    await batch.commit();
    changed += docs.length;
  }
}
