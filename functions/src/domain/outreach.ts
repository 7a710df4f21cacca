import { stageOf, type Customer, type Stage } from './customer.ts';

/** Why the system may no longer write to a customer. All that is known of somebody erased is that they were. */
export type SuppressionReason = 'bounced' | 'dropped' | 'spam-report' | 'unsubscribed' | 'erased';

/** Everything done so far to win one customer: `outreach/{customerId}`. */
export interface Outreach {
  readonly emailsSent: number;
  /** Epoch milliseconds. */
  readonly lastClaimedAt: number;
  readonly lastEmailId: string;
  /** How many transactions the customer had when the last email was claimed: those have earned theirs. */
  readonly transactionsAnswered: number;
  /**
   * When each reason first arose, epoch ms. One entry a reason, so that facts may arrive in any order and any number
   * of times, and taking back one of them leaves the others.
   */
  readonly suppressions?: Readonly<Partial<Record<SuppressionReason, number>>>;
  /** When somebody who signed up is to be shown the first steps; absent when that is settled. Epoch milliseconds. */
  readonly firstStepsDueAt?: number;
  /** When that was done. Epoch milliseconds. */
  readonly firstStepsClaimedAt?: number;
  /** Until then the customer wants no emails. Epoch milliseconds. */
  readonly pausedUntil?: number;
}

/** What keeps the system from writing to a customer. */
export type Suppression = Pick<Outreach, 'suppressions' | 'pausedUntil'>;

/** When an email may be sent. All durations in ms. */
export interface OutreachPolicy {
  /** The least time between two emails to one customer. */
  readonly cooldown: number;
  /** The most emails one customer ever gets. */
  readonly maxEmails: number;
  /** An older purchase triggers nothing: nobody remembers it, and a backlog must not become a mailing. */
  readonly maxTransactionAge: number;
}

export type SkipReason =
  | 'no-email'
  | 'engaged'
  | 'suppressed'
  | 'control-group'
  | 'cooldown'
  | 'cap-reached'
  | 'stale-transaction'
  | 'no-new-transaction';

interface Skip {
  readonly action: 'skip';
  readonly reason: SkipReason;
}

export interface Send {
  readonly action: 'send';
  readonly stage: Exclude<Stage, 'engaged'>;
  /** The how-manieth email to this customer, from 1. */
  readonly sequence: number;
}

export type Decision = Skip | Send;

/**
 * Whether a customer is written to now. Pure: the same arguments always give the same answer.
 * @param outreach undefined when nothing has been done for this customer yet.
 * @param now epoch milliseconds.
 */
export function decide(
  customer: Customer,
  outreach: Outreach | undefined,
  policy: OutreachPolicy,
  now: number,
): Decision {
  const reason = reasonInCustomer(customer, policy, now) ?? reasonInOutreach(customer, outreach, policy, now);
  if (reason !== undefined) return { action: 'skip', reason };
  return {
    action: 'send',
    stage: customer.signedUpAt === undefined ? 'transactional' : 'registered',
    sequence: (outreach?.emailsSent ?? 0) + 1,
  };
}

/** The reasons to skip that the customer alone shows, so that nothing need be read to find them. */
export function reasonInCustomer(
  customer: Customer,
  policy: OutreachPolicy,
  now: number,
): SkipReason | undefined {
  if (customer.email === undefined) return 'no-email';
  if (stageOf(customer) === 'engaged') return 'engaged';
  if (customer.group === 'control') return 'control-group';
  if (customer.lastTransactionAt === undefined) return 'no-new-transaction';
  if (now - customer.lastTransactionAt > policy.maxTransactionAge) return 'stale-transaction';
  return undefined;
}

function reasonInOutreach(
  customer: Customer,
  outreach: Outreach | undefined,
  policy: OutreachPolicy,
  now: number,
): SkipReason | undefined {
  if (outreach === undefined) return undefined;
  if (isSuppressed(outreach, now)) return 'suppressed';
  if (customer.transactions <= outreach.transactionsAnswered) return 'no-new-transaction';
  if (outreach.emailsSent >= policy.maxEmails) return 'cap-reached';
  if (now - outreach.lastClaimedAt < policy.cooldown) return 'cooldown';
  return undefined;
}

export type FirstStepsDecision =
  | Send
  | { readonly action: 'skip'; readonly reason: SkipReason | 'never-bought' | 'already-shown' }
  /** It is too early: look again then. Epoch milliseconds. */
  | { readonly action: 'postpone'; readonly until: number };

/**
 * Whether somebody who signed up some days ago, and did nothing since, is shown the first steps now: once, without
 * any further purchase, but within the limits of all outreach.
 * @param now epoch milliseconds.
 */
export function decideFirstSteps(
  customer: Customer | undefined,
  outreach: Outreach,
  policy: Pick<OutreachPolicy, 'cooldown' | 'maxEmails'>,
  now: number,
): FirstStepsDecision {
  const reason = reasonAgainstFirstSteps(customer, outreach, policy);
  if (reason !== undefined) return { action: 'skip', reason };
  const until = Math.max(outreach.lastClaimedAt + policy.cooldown, outreach.pausedUntil ?? 0);
  if (now < until) return { action: 'postpone', until };
  return { action: 'send', stage: 'registered', sequence: outreach.emailsSent + 1 };
}

function reasonAgainstFirstSteps(
  customer: Customer | undefined,
  outreach: Outreach,
  { maxEmails }: Pick<OutreachPolicy, 'maxEmails'>,
): (FirstStepsDecision & { action: 'skip' })['reason'] | undefined {
  if (outreach.firstStepsClaimedAt !== undefined) return 'already-shown';
  if (customer?.email === undefined) return 'no-email';
  if (stageOf(customer) === 'engaged') return 'engaged';
  if (customer.group === 'control') return 'control-group';
  if (customer.transactions === 0) return 'never-bought';
  if (isSuppressedForGood(outreach)) return 'suppressed';
  if (outreach.emailsSent >= maxEmails) return 'cap-reached';
  return undefined;
}

/** Whether the customer must not be written to, for good or for now. */
export function isSuppressed(outreach: Suppression | undefined, now: number): boolean {
  if (outreach === undefined) return false;
  return isSuppressedForGood(outreach) || now < (outreach.pausedUntil ?? 0);
}

function isSuppressedForGood({ suppressions = {} }: Suppression): boolean {
  return Object.keys(suppressions).length > 0;
}

/** Why an email that was claimed is not sent after all. */
export type WithholdReason = 'no-email' | 'engaged' | 'signed-up' | 'control-group' | 'suppressed';

/**
 * Takes the decision again for an email that is sent later than it was decided. What has to do with time and number
 * is not asked again: this email is the one that was counted.
 * @param email of which stage it was written for.
 * @param customer undefined when there is none any more.
 * @param now epoch milliseconds.
 */
export function reasonToWithhold(
  email: Pick<Send, 'stage'>,
  customer: Customer | undefined,
  outreach: Outreach | undefined,
  now: number,
): WithholdReason | undefined {
  if (customer?.email === undefined) return 'no-email';
  if (isSuppressed(outreach, now)) return 'suppressed';
  if (customer.group === 'control') return 'control-group';
  const stage = stageOf(customer);
  if (stage === 'engaged') return 'engaged';
  return stage === email.stage ? undefined : 'signed-up';
}
