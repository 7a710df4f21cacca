import type { EpochMs } from './time.ts';
import type { EmailSource, Item, Location, Source } from './transaction.ts';

/** Customers in the control group get no emails, so that the effect of the emails can be measured. */
export type Group = 'outreach' | 'control';

/** How far a customer is on the way to becoming an active member. */
export type Stage = 'transactional' | 'registered' | 'engaged';

/** The stages in which a customer gets emails. */
export type MailedStage = Exclude<Stage, 'engaged'>;

/** The purchase that a source reported last, for the text of an email. It is the one field that depends on order. */
export interface LatestTransaction {
  readonly occurredAt: EpochMs;
  readonly source: Source;
  readonly location?: Location;
  readonly items: readonly Item[];
}

/** One customer: `customers/{customerId}`. */
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
  /** In minor units, by currency. */
  readonly spend: Readonly<Record<string, number>>;
  /** Absent for a person who signed up and never bought. */
  readonly firstTransactionAt?: EpochMs;
  readonly lastTransactionAt?: EpochMs;
  readonly transactionsBySource: Partial<Record<Source, number>>;
  readonly latestTransaction?: LatestTransaction;
  readonly signedUpAt?: EpochMs;
  readonly firstActivityAt?: EpochMs;
}

/** One write to a customer. */
export interface CustomerChange {
  /** Undefined when the write created the customer. */
  readonly before: Customer | undefined;
  readonly after: Customer;
}

/** The stage follows from two facts, so it is never stored. */
export function stageOf(customer: Pick<Customer, 'signedUpAt' | 'firstActivityAt'>): Stage {
  if (customer.signedUpAt === undefined) return 'transactional';
  return customer.firstActivityAt === undefined ? 'registered' : 'engaged';
}

/**
 * The group follows from the customer ID, which is uniformly distributed: the same customer is always in the same group,
 * and a larger share only moves customers from outreach to control.
 * @param controlShare from 0, where no customer is in the control group, to 1.
 */
export function groupOf(customerId: string, controlShare: number): Group {
  const position = Number.parseInt(customerId.slice(0, 8), 16) / 2 ** 32;
  return position < controlShare ? 'control' : 'outreach';
}
