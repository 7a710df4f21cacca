import type { Firestore } from '@google-cloud/firestore';
import { firestoreCustomers } from '../../functions/src/adapters/firestore/customers.ts';
import { firestoreOutreachLedger } from '../../functions/src/adapters/firestore/outreach-ledger.ts';
import type { ContentSourceName } from '../../functions/src/domain/content.ts';
import type { Customer } from '../../functions/src/domain/customer.ts';
import type { DeliveryFacts } from '../../functions/src/domain/delivery.ts';
import type { ClaimedEmail, EmailState } from '../../functions/src/domain/email.ts';
import type { Outreach } from '../../functions/src/domain/outreach.ts';
import type { Person } from './person.ts';
import { placesOf } from './records.ts';

/** What the decisions about a customer depend on. */
export interface Standing {
  /** Undefined when nothing is known of the customer. */
  readonly customer: Customer | undefined;
  /** Undefined when nothing has been done for the customer yet. */
  readonly outreach: Outreach | undefined;
}

/** What is shown of a customer. */
export interface Portrait extends Standing {
  readonly customerId: string;
  /** In the order in which they were claimed. */
  readonly emails: readonly StoredEmail[];
  /** How many are stored; the customer may remember more. */
  readonly transactions: number;
}

/** An email as the ledger has it. Times are epoch milliseconds. */
export type StoredEmail = Pick<ClaimedEmail, 'sequence' | 'claimedAt'> & {
  readonly status: EmailState['status'] | 'claimed';
  readonly acceptedAt?: number;
  readonly convertedAt?: number;
  readonly template?: string;
  readonly contentSource?: ContentSourceName;
  readonly delivery?: DeliveryFacts;
};

/** Read as the functions read it. */
export async function standingOf(firestore: Firestore, { customerId }: Person): Promise<Standing> {
  const [customer, outreach] = await Promise.all([
    firestoreCustomers(firestore).read(customerId),
    firestoreOutreachLedger(firestore, 0).read(customerId),
  ]);
  return { customer, outreach: outreach.value };
}

export async function portraitOf(firestore: Firestore, person: Person): Promise<Portrait> {
  const { emails, transactions } = placesOf(firestore, person);
  const [standing, stored, count] = await Promise.all([
    standingOf(firestore, person),
    emails.get(),
    transactions.count().get(),
  ]);
  return {
    customerId: person.customerId,
    ...standing,
    emails: stored.docs
      .map((email) => email.data() as StoredEmail)
      .toSorted((one, other) => one.sequence - other.sequence),
    transactions: count.data().count,
  };
}
