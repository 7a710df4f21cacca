import type { EmailSource, Item, Location, Source } from './transaction.ts';

/** Whether outreach is tried with a customer, or withheld so that its effect can be measured. */
export type Group = 'outreach' | 'control';

/** How far a customer has come. */
export type Stage = 'transactional' | 'registered' | 'engaged';

/** The purchase a source reported last: for the words of an email, outside the promise of order-independence. */
export interface LatestTransaction {
  /** Epoch milliseconds. */
  readonly occurredAt: number;
  readonly source: Source;
  readonly location?: Location;
  readonly items: readonly Item[];
}

/** What is known of one buyer: `customers/{customerId}`. */
export interface Customer {
  /** A pseudonym: the keyed hash of the email address. */
  readonly customerId: string;
  /** Absent when the customer has been erased. */
  readonly email?: string;
  /** How often each source of the address has been seen. */
  readonly emailSources: Partial<Record<EmailSource, number>>;
  readonly name?: string;
  /** BCP 47 language tag. */
  readonly locale?: string;
  readonly group: Group;
  /** How many transactions have been recorded. */
  readonly transactions: number;
  /** Minor units by currency. */
  readonly spend: Readonly<Record<string, number>>;
  /** Epoch milliseconds; absent for somebody who signed up and never bought. */
  readonly firstTransactionAt?: number;
  /** Epoch milliseconds. */
  readonly lastTransactionAt?: number;
  readonly transactionsBySource: Partial<Record<Source, number>>;
  readonly transactionsByLocation: Readonly<Record<string, number>>;
  readonly latestTransaction?: LatestTransaction;
  /** Epoch milliseconds. */
  readonly signedUpAt?: number;
  /** Epoch milliseconds. */
  readonly firstActivityAt?: number;
}

/** The stage follows from two facts, so it is never stored. */
export function stageOf(customer: Pick<Customer, 'signedUpAt' | 'firstActivityAt'>): Stage {
  if (customer.signedUpAt === undefined) return 'transactional';
  return customer.firstActivityAt === undefined ? 'registered' : 'engaged';
}

/**
 * The group follows from the customer ID, which is uniformly distributed: the same customer always lands in the
 * same group, and raising the share only moves customers from outreach to control.
 * @param controlShare 0 (nobody is withheld) to 1.
 */
export function groupOf(customerId: string, controlShare: number): Group {
  const position = Number.parseInt(customerId.slice(0, 8), 16) / 2 ** 32;
  return position < controlShare ? 'control' : 'outreach';
}
