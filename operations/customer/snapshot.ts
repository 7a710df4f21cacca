import type { DocumentSnapshot, Firestore } from '@google-cloud/firestore';
import { firestoreCustomers } from '../../functions/src/adapters/firestore/customers.ts';
import { firestoreOutreachLedger } from '../../functions/src/adapters/firestore/outreach-ledger.ts';
import { sendingSettings, type SendingSettings } from '../../functions/src/adapters/firestore/settings.ts';
import type { ContentSourceName } from '../../functions/src/domain/content.ts';
import type { Customer } from '../../functions/src/domain/customer.ts';
import type { DeliveryFacts } from '../../functions/src/domain/delivery.ts';
import type { ClaimedEmail, EmailState } from '../../functions/src/domain/email.ts';
import type { Outreach } from '../../functions/src/domain/outreach.ts';
import { quarantinedWith } from './address-search.ts';
import type { Person } from './person.ts';
import type { Pause, WaitingEmail } from './reasons.ts';
import { documentsOf } from './records.ts';

/** What the decisions about a customer depend on. */
export interface CustomerState {
  /** Undefined when nothing is stored about the customer. */
  readonly customer: Customer | undefined;
  /** Undefined when no outreach has happened yet. */
  readonly outreach: Outreach | undefined;
}

/** What `npm run customer -- show` shows. */
export interface Snapshot extends CustomerState {
  readonly customerId: string;
  /** In the order in which they were claimed. */
  readonly emails: readonly StoredEmail[];
  /** How many are stored. The customer may have made more: transactions expire. */
  readonly transactions: number;
  /** How many of these were made at each place, by its ID. */
  readonly transactionsByPlace: Readonly<Record<string, number>>;
  /** How many quarantined messages contain the address. */
  readonly quarantined: number;
}

/** Whether anything at all is stored about the person. */
export function isKnown({ customer, outreach, emails, transactions, quarantined }: Snapshot): boolean {
  return customer !== undefined || outreach !== undefined || emails.length + transactions + quarantined > 0;
}

/** An email in the ledger. Times are epoch milliseconds. */
export type StoredEmail = Pick<ClaimedEmail, 'sequence' | 'claimedAt'> & {
  readonly status: EmailState['status'] | 'claimed';
  readonly acceptedAt?: number;
  readonly convertedAt?: number;
  readonly template?: string;
  readonly contentSource?: ContentSourceName;
  readonly delivery?: DeliveryFacts;
};

/** Reads the state with the code of the functions. */
export async function readState(firestore: Firestore, { customerId }: Person): Promise<CustomerState> {
  const [customer, outreach] = await Promise.all([
    firestoreCustomers(firestore).read(customerId),
    firestoreOutreachLedger(firestore, 0).read(customerId),
  ]);
  return { customer, outreach: outreach.value };
}

/** What keeps emails from leaving now: the open ones of a person, and the pause of all sending. */
export async function readWaiting(
  firestore: Firestore,
  person: Person,
): Promise<{ openEmails: readonly WaitingEmail[]; pause: Pause | undefined }> {
  const { emails } = documentsOf(firestore, person);
  const [stored, settings] = await Promise.all([emails.get(), sendingSettings(firestore).get()]);
  const sending = settings.data() as SendingSettings | undefined;
  return {
    // Only open emails have a due time.
    openEmails: stored.docs
      .map((email) => email.data() as WaitingEmail)
      .filter(({ dueAt }) => (dueAt as number | undefined) !== undefined)
      .toSorted((one, other) => one.sequence - other.sequence),
    pause: sending?.paused === true ? sending : undefined,
  };
}

/** Reads what is stored about a person, and every message in quarantine. */
export async function snapshotOf(firestore: Firestore, person: Person): Promise<Snapshot> {
  const { emails, transactions } = documentsOf(firestore, person);
  const [state, stored, purchases, quarantined] = await Promise.all([
    readState(firestore, person),
    emails.get(),
    transactions.select('location').get(),
    Array.fromAsync(quarantinedWith(firestore, person.email), ({ id }) => id),
  ]);
  return {
    customerId: person.customerId,
    ...state,
    emails: stored.docs
      .map((email) => email.data() as StoredEmail)
      .toSorted((one, other) => one.sequence - other.sequence),
    transactions: purchases.size,
    transactionsByPlace: countByPlace(purchases.docs),
    quarantined: quarantined.length,
  };
}

function countByPlace(transactions: readonly DocumentSnapshot[]): Record<string, number> {
  const counts = new Map<string, number>();
  for (const transaction of transactions) {
    const place = transaction.get('location.id') as string | undefined;
    if (place !== undefined) counts.set(place, (counts.get(place) ?? 0) + 1);
  }
  return Object.fromEntries(counts);
}
