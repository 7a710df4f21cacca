import type { Customer, CustomerChange } from '../../../functions/src/domain/customer.ts';
import type { ClaimedEmail, EmailState } from '../../../functions/src/domain/email.ts';
import type { SuppressionReason } from '../../../functions/src/domain/outreach.ts';
import type { Choice } from '../../../functions/src/domain/subscription.ts';
import type { SendgridFaultMode } from './fault-modes.ts';

/** An email as it is stored. */
export type StoredEmail = ClaimedEmail & { readonly status: 'claimed' | EmailState['status'] } & Readonly<
    Record<string, unknown>
  >;

/** An attempt to send an email, with what the run that made it knew. */
export interface Attempt {
  readonly email: ClaimedEmail;
  /** Whether a later run took the email up, rather than the run that claimed it. */
  readonly resumed: boolean;
  /** Whether the event that started the run is one of a purchase. */
  readonly afterPurchase: boolean;
  /** The customer on which the decision was based; undefined when the run did not read it. */
  readonly customer: Customer | undefined;
  readonly decidedAt: number;
  /** The run has seen everything that was stored before this place in the history. */
  readonly outreachSeen: number;
  /** The place in the history where the attempt became durable. */
  readonly begun: number;
}

interface MadeChoice {
  readonly at: number;
  readonly customerId: string;
  readonly choice: Choice;
  /** The same for the beginning and the end of one choice. */
  readonly id: number;
}

interface Complaint {
  readonly at: number;
  readonly customerId: string;
  readonly reason: SuppressionReason;
  /** Of the report. */
  readonly id: number;
}

/** What happened, in the order in which it became durable. Times are epoch milliseconds. */
export type Fact =
  | { readonly fact: 'notified'; readonly at: number; readonly written: CustomerChange }
  /** A customer begins to make a choice; it is stored at the latest when it is `chosen`. */
  | ({ readonly fact: 'choosing' } & MadeChoice)
  | ({ readonly fact: 'chosen' } & MadeChoice)
  /** SendGrid's webhook reports a reason to suppress the recipient; it is stored at the latest when they have `complained`. */
  | ({ readonly fact: 'complaining' } & Complaint)
  | ({ readonly fact: 'complained' } & Complaint)
  /** An operator pauses or resumes all sending. */
  | { readonly fact: 'switched'; readonly at: number; readonly isPaused: boolean }
  | { readonly fact: 'claimed'; readonly at: number; readonly email: StoredEmail }
  | { readonly fact: 'taken-up'; readonly at: number; readonly email: StoredEmail }
  /** The status of an email has changed otherwise. */
  | {
      readonly fact: 'settled';
      readonly at: number;
      readonly before: StoredEmail;
      readonly after: StoredEmail;
    }
  /** An email went to SendGrid; `at` is when the run sent it. */
  | {
      readonly fact: 'handed-over';
      readonly at: number;
      readonly attempt: Attempt;
      readonly accepted: boolean;
      readonly mode: SendgridFaultMode;
      readonly to: string;
    }
  /** An email went to SendGrid that the run had not claimed. */
  | { readonly fact: 'sent-unclaimed'; readonly emailId: string }
  /** The ledger knows that SendGrid has accepted an email. */
  | { readonly fact: 'known-accepted'; readonly emailId: string }
  | { readonly fact: 'killed' };

export type FactOf<K extends Fact['fact']> = Extract<Fact, { readonly fact: K }>;

/** The facts of one kind, each with its place in the history. */
export function factsOf<K extends Fact['fact']>(
  history: readonly Fact[],
  kind: K,
): (FactOf<K> & { readonly place: number })[] {
  return history.flatMap((fact, place) => (fact.fact === kind ? [{ ...(fact as FactOf<K>), place }] : []));
}
