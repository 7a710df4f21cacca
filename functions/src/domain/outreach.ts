import { localeFor, type Locale } from './content.ts';
import { stageOf, type Customer, type LatestTransaction, type MailedStage } from './customer.ts';
import type { EpochMs, Millis } from './time.ts';

/** Why the system may no longer write to a customer. Of an erased customer nothing is known but that. */
export type SuppressionReason = 'bounced' | 'dropped' | 'spam-report' | 'unsubscribed' | 'erased';

/** Everything done so far to win one customer: `outreach/{customerId}`. */
export interface Outreach {
  readonly emailsSent: number;
  readonly lastClaimedAt: EpochMs;
  readonly lastEmailId: string;
  /** How many transactions the customer had when the last email was claimed: those have earned theirs. */
  readonly transactionsAnswered: number;
  /**
   * When each reason first arose. One entry a reason, so that facts may arrive in any order and any number of times, and
   * taking back one of them leaves the others.
   */
  readonly suppressions?: Readonly<Partial<Record<SuppressionReason, EpochMs>>>;
  /** When a customer who signed up is to be shown the first steps; absent when that is settled. */
  readonly firstStepsDueAt?: EpochMs;
  /** When that was done. */
  readonly firstStepsClaimedAt?: EpochMs;
  /** Until then the customer wants no emails. */
  readonly pausedUntil?: EpochMs;
}

/** What keeps the system from writing to a customer. */
export type Suppression = Pick<Outreach, 'suppressions' | 'pausedUntil'>;

/** How much may be written to one customer. */
export interface OutreachLimits {
  /** The least time between two emails to one customer. */
  readonly cooldown: Millis;
  /** The most emails one customer ever gets. */
  readonly maxEmails: number;
}

/** When a purchase earns an email. */
export interface OutreachPolicy extends OutreachLimits {
  /** An older purchase triggers nothing: its buyer has forgotten it, and a backlog must not become a mailing. */
  readonly maxTransactionAge: Millis;
}

/** Whom an email goes to, and what it may speak of. */
export interface Recipient {
  readonly address: string;
  readonly locale: Locale;
  /** As a source wrote it: hostile until escaped. */
  readonly name?: string;
  readonly latestTransaction?: LatestTransaction;
}

/** The decision to send an email. */
export interface Send {
  readonly action: 'send';
  readonly stage: MailedStage;
  /** Which email to this customer it is, counted from 1. */
  readonly sequence: number;
  /** How many transactions the customer has: the email answers all of them. */
  readonly transactionsAnswered: number;
  readonly recipient: Recipient;
}

interface Skip<Reason> {
  readonly action: 'skip';
  readonly reason: Reason;
}

/*
 * Three decisions follow: after a purchase, some days after a sign-up, and again before an email leaves late. All of them
 * ask in one order and stop at the first reason: what holds for the person, whatever the occasion; what holds for the
 * occasion; and last the outreach, which has to be read. They differ only in what the occasion asks.
 */

/** What speaks against writing to a person at all. */
type PersonalReason = 'no-email' | 'engaged' | 'control-group';

/** Why no email is sent after a purchase. */
export type SkipReason =
  PersonalReason | 'stale-transaction' | 'suppressed' | 'no-new-transaction' | 'cap-reached' | 'cooldown';

export type Decision = Skip<SkipReason> | Send;

/**
 * Whether a purchase earns its buyer an email now. Pure: the same arguments always give the same answer.
 * @param outreach undefined when nothing has been done for this customer yet.
 */
export function decide(
  customer: Customer,
  outreach: Outreach | undefined,
  policy: OutreachPolicy,
  now: EpochMs,
): Decision {
  const addressee = addresseeOf(customer);
  if ('reason' in addressee) return skip(addressee.reason);
  const reason = reasonInPurchase(customer, policy, now) ?? reasonInOutreach(customer, outreach, policy, now);
  if (reason !== undefined) return skip(reason);
  return send(customer, addressee, outreach?.emailsSent ?? 0);
}

/** The reasons to skip that the customer alone shows, so that nothing need be read to find them. */
export function reasonInCustomer(
  customer: Customer,
  policy: OutreachPolicy,
  now: EpochMs,
): SkipReason | undefined {
  const addressee = addresseeOf(customer);
  return 'reason' in addressee ? addressee.reason : reasonInPurchase(customer, policy, now);
}

function reasonInPurchase(
  { lastTransactionAt }: Customer,
  { maxTransactionAge }: OutreachPolicy,
  now: EpochMs,
): SkipReason | undefined {
  if (lastTransactionAt === undefined) return 'no-new-transaction';
  return now - lastTransactionAt > maxTransactionAge ? 'stale-transaction' : undefined;
}

function reasonInOutreach(
  { transactions }: Customer,
  outreach: Outreach | undefined,
  { maxEmails, cooldown }: OutreachLimits,
  now: EpochMs,
): SkipReason | undefined {
  if (outreach === undefined) return undefined;
  if (isSuppressed(outreach, now)) return 'suppressed';
  if (transactions <= outreach.transactionsAnswered) return 'no-new-transaction';
  if (outreach.emailsSent >= maxEmails) return 'cap-reached';
  return now - outreach.lastClaimedAt < cooldown ? 'cooldown' : undefined;
}

/** Why the first steps are not shown. */
export type FirstStepsSkipReason =
  PersonalReason | 'never-bought' | 'suppressed' | 'already-shown' | 'cap-reached';

export type FirstStepsDecision =
  | Send
  | Skip<FirstStepsSkipReason>
  /** It is too early: look again then. */
  | { readonly action: 'postpone'; readonly until: EpochMs };

/**
 * Whether a customer who signed up some days ago, and has done nothing since, is shown the first steps now: once, without
 * a further purchase, but within the limits of all outreach. A cooldown or a pause postpones, because the occasion does
 * not pass as a purchase does.
 * @param customer undefined when there is none any more.
 */
export function decideFirstSteps(
  customer: Customer | undefined,
  outreach: Outreach,
  limits: OutreachLimits,
  now: EpochMs,
): FirstStepsDecision {
  const addressee = addresseeOf(customer);
  if ('reason' in addressee) return skip(addressee.reason);
  const reason = reasonAgainstFirstSteps(addressee.customer, outreach, limits);
  if (reason !== undefined) return skip(reason);
  const until = Math.max(outreach.lastClaimedAt + limits.cooldown, outreach.pausedUntil ?? 0);
  if (now < until) return { action: 'postpone', until };
  return send(addressee.customer, addressee, outreach.emailsSent);
}

function reasonAgainstFirstSteps(
  { transactions }: Customer,
  outreach: Outreach,
  { maxEmails }: OutreachLimits,
): FirstStepsSkipReason | undefined {
  if (transactions === 0) return 'never-bought';
  if (isSuppressedForGood(outreach)) return 'suppressed';
  if (outreach.firstStepsClaimedAt !== undefined) return 'already-shown';
  return outreach.emailsSent >= maxEmails ? 'cap-reached' : undefined;
}

/** Why an email that was claimed is not sent after all. */
type WithholdReason = PersonalReason | 'signed-up' | 'suppressed';

export type LateDecision = { readonly action: 'send'; readonly recipient: Recipient } | Skip<WithholdReason>;

/**
 * Takes the decision again for an email that leaves later than it was decided on. Its age and number are not asked again:
 * this email is the one that was counted.
 * @param email the stage it was written for.
 * @param customer undefined when there is none any more.
 */
export function decideLateEmail(
  email: Pick<Send, 'stage'>,
  customer: Customer | undefined,
  outreach: Outreach | undefined,
  now: EpochMs,
): LateDecision {
  const addressee = addresseeOf(customer);
  if ('reason' in addressee) return skip(addressee.reason);
  if (addressee.stage !== email.stage) return skip('signed-up');
  if (isSuppressed(outreach, now)) return skip('suppressed');
  return { action: 'send', recipient: addressee.recipient };
}

/** A customer who may be written to, as far as the person is concerned. */
interface Addressee {
  readonly customer: Customer;
  readonly stage: MailedStage;
  readonly recipient: Recipient;
}

function addresseeOf(customer: Customer | undefined): Addressee | { readonly reason: PersonalReason } {
  if (customer?.email === undefined) return { reason: 'no-email' };
  const stage = stageOf(customer);
  if (stage === 'engaged') return { reason: 'engaged' };
  if (customer.group === 'control') return { reason: 'control-group' };
  const { email: address, locale, name, latestTransaction } = customer;
  const recipient = {
    address,
    locale: localeFor(locale),
    ...(name !== undefined && { name }),
    ...(latestTransaction !== undefined && { latestTransaction }),
  };
  return { customer, stage, recipient };
}

function skip<Reason>(reason: Reason): Skip<Reason> {
  return { action: 'skip', reason };
}

function send({ transactions }: Customer, { stage, recipient }: Addressee, emailsSent: number): Send {
  return {
    action: 'send',
    stage,
    sequence: emailsSent + 1,
    transactionsAnswered: transactions,
    recipient,
  };
}

/** Whether the customer must not be written to, for good or for now. */
export function isSuppressed(outreach: Suppression | undefined, now: EpochMs): boolean {
  if (outreach === undefined) return false;
  return isSuppressedForGood(outreach) || now < (outreach.pausedUntil ?? 0);
}

function isSuppressedForGood({ suppressions = {} }: Suppression): boolean {
  return Object.keys(suppressions).length > 0;
}
