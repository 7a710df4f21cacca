import type { Customer, CustomerChange } from '../../../functions/src/domain/customer.ts';
import type { ClaimedEmail } from '../../../functions/src/domain/email.ts';

/** An attempt to send an email, with what whoever made it knew. */
export interface Attempt {
  readonly email: ClaimedEmail;
  /** Whether the email was taken up again, rather than sent by whoever claimed it first. */
  readonly late: boolean;
  /** The customer as the decision saw it; undefined when it did not look. */
  readonly customer: Customer | undefined;
  /** Every suppression before this place in the history was there to be seen. */
  readonly outreachSeen: number;
  /** The place in the history where the attempt became durable. */
  readonly begun: number;
}

/** What has happened, in the order in which it became durable. Times are epoch milliseconds. */
export type Fact =
  | { readonly fact: 'notified'; readonly at: number; readonly written: CustomerChange }
  | { readonly fact: 'suppressed'; readonly at: number; readonly customerId: string }
  /** The customer wants emails again. */
  | { readonly fact: 'lifted'; readonly customerId: string }
  | { readonly fact: 'claimed'; readonly attempt: Attempt }
  | { readonly fact: 'taken-up'; readonly attempt: Attempt }
  /** An email went to SendGrid; `at` is when whoever sent it let it go. */
  | { readonly fact: 'handed-over'; readonly at: number; readonly attempt: Attempt; readonly taken: boolean }
  /** The ledger has learned that SendGrid has taken an email. */
  | { readonly fact: 'known-taken'; readonly emailId: string }
  /** An email was given up without another attempt. */
  | { readonly fact: 'given-up'; readonly emailId: string }
  | { readonly fact: 'crashed' };

export type FactOf<K extends Fact['fact']> = Extract<Fact, { readonly fact: K }>;

/** The facts of one kind, each with its place in the history. */
export function factsOf<K extends Fact['fact']>(
  history: readonly Fact[],
  kind: K,
): (FactOf<K> & { readonly place: number })[] {
  return history.flatMap((fact, place) => (fact.fact === kind ? [{ ...(fact as FactOf<K>), place }] : []));
}
