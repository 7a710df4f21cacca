import type { Customer, CustomerChange } from '../../../functions/src/domain/customer.ts';
import type { ClaimedEmail } from '../../../functions/src/domain/email.ts';

/** An attempt to send an email, with what the run that made it knew. */
export interface Attempt {
  readonly email: ClaimedEmail;
  /** Whether a later run took the email up, rather than the run that claimed it. */
  readonly resumed: boolean;
  /** The customer on which the decision was based; undefined when the run did not read it. */
  readonly customer: Customer | undefined;
  /** The run has seen every suppression before this place in the history. */
  readonly outreachSeen: number;
  /** The place in the history where the attempt became durable. */
  readonly begun: number;
}

/** What happened, in the order in which it became durable. Times are epoch milliseconds. */
export type Fact =
  | { readonly fact: 'notified'; readonly at: number; readonly written: CustomerChange }
  | { readonly fact: 'suppressed'; readonly at: number; readonly customerId: string }
  /** The suppression is lifted: the customer wants emails again. */
  | { readonly fact: 'lifted'; readonly customerId: string }
  | { readonly fact: 'claimed'; readonly attempt: Attempt }
  | { readonly fact: 'taken-up'; readonly attempt: Attempt }
  /** An email went to SendGrid; `at` is when the run sent it. */
  | {
      readonly fact: 'handed-over';
      readonly at: number;
      readonly attempt: Attempt;
      readonly accepted: boolean;
    }
  /** The ledger knows that SendGrid has accepted an email. */
  | { readonly fact: 'known-accepted'; readonly emailId: string }
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
