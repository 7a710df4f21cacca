import type { DocumentSnapshot, Firestore, Query, WriteBatch } from '@google-cloud/firestore';
import type { Suppression } from '../../functions/src/domain/outreach.ts';
import { quarantinedWith } from './address-search.ts';
import type { Person } from './person.ts';
import { documentsOf } from './records.ts';
import type { Snapshot } from './snapshot.ts';

/** How many documents there are to erase, or were erased. */
export interface Erasure {
  /** 0 or 1. */
  readonly customers: number;
  readonly quarantined: number;
  readonly emails: number;
  /** Transactions stay; they lose their link to the customer. */
  readonly transactions: number;
}

/** How many documents one commit changes. */
const BATCH_SIZE = 300;

/** What `erase` would find. */
export function toErase({ customer, quarantined, emails, transactions }: Snapshot): Erasure {
  return { customers: customer === undefined ? 0 : 1, quarantined, emails: emails.length, transactions };
}

/**
 * Erases a person. The suppression comes first: from then on no email to them is claimed, even if they buy again. Their emails
 * come next, so that resumeEmails finds none that it would have to give up. Every step finds its documents by the address or the
 * pseudonym alone, so erasing again after a crash completes the work, and erasing again after that changes nothing.
 * @param now epoch milliseconds.
 */
export async function erase(firestore: Firestore, person: Person, now: number): Promise<Erasure> {
  const { customer, emails, transactions } = documentsOf(firestore, person);
  await reduceToSuppression(firestore, person, now);
  const erasedEmails = await changeAll(emails, (batch, { ref }) => batch.delete(ref));
  const customers = (await customer.get()).exists ? 1 : 0;
  await customer.delete();
  return {
    customers,
    quarantined: await discardQuarantined(firestore, person),
    emails: erasedEmails,
    transactions: await changeAll(transactions, (batch, { ref }) => batch.update(ref, { customerId: null })),
  };
}

/** Replaces the outreach by a suppression, which keeps the time of the first erasure. */
async function reduceToSuppression(firestore: Firestore, person: Person, now: number): Promise<void> {
  const { outreach } = documentsOf(firestore, person);
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

/**
 * Changes every document that a query finds.
 * @param change must make the document no longer match the query.
 * @returns how many were changed.
 */
async function changeAll(
  query: Query,
  change: (batch: WriteBatch, document: DocumentSnapshot) => void,
): Promise<number> {
  let changed = 0;
  for (;;) {
    const { docs } = await query.limit(BATCH_SIZE).select().get();
    if (docs.length === 0) return changed;
    const batch = query.firestore.batch();
    for (const document of docs) change(batch, document);
    await batch.commit();
    changed += docs.length;
  }
}
