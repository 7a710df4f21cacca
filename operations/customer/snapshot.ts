import type { DocumentSnapshot, Firestore } from '@google-cloud/firestore';
import { firestoreCustomers } from '../../functions/src/adapters/firestore/customers.ts';
import { firestoreOutreachLedger } from '../../functions/src/adapters/firestore/outreach-ledger.ts';
import type { ContentSourceName } from '../../functions/src/domain/content.ts';
import type { Customer } from '../../functions/src/domain/customer.ts';
import type { DeliveryFacts } from '../../functions/src/domain/delivery.ts';
import type { ClaimedEmail, EmailState } from '../../functions/src/domain/email.ts';
import type { Outreach } from '../../functions/src/domain/outreach.ts';
import type { Person } from './person.ts';
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
  readonly transactionsByPlace: ReadonlyMap<string, number>;
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

export async function snapshotOf(firestore: Firestore, person: Person): Promise<Snapshot> {
  const { emails, transactions } = documentsOf(firestore, person);
  const [state, stored, purchases] = await Promise.all([
    readState(firestore, person),
    emails.get(),
    transactions.select('location').get(),
  ]);
  return {
    customerId: person.customerId,
    ...state,
    emails: stored.docs
      .map((email) => email.data() as StoredEmail)
      .toSorted((one, other) => one.sequence - other.sequence),
    transactions: purchases.size,
    transactionsByPlace: countByPlace(purchases.docs),
  };
}

function countByPlace(transactions: readonly DocumentSnapshot[]): Map<string, number> {
  const counts = new Map<string, number>();
  for (const transaction of transactions) {
    const place = transaction.get('location.id') as string | undefined;
    if (place !== undefined) counts.set(place, (counts.get(place) ?? 0) + 1);
  }
  return counts;
}
