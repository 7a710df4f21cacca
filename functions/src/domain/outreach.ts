import { localeFor, type Locale } from './content.ts';
import { stageOf, type Customer, type LatestTransaction, type MailedStage } from './customer.ts';
import type { EpochMs, Millis } from './time.ts';

/** Why a customer may get no more emails. `erased` is all that is kept about an erased customer. */
export type SuppressionReason = 'bounced' | 'dropped' | 'spam-report' | 'unsubscribed' | 'erased';

/** The emails and choices of one customer so far: `outreach/{customerId}`. */
export interface Outreach {
  readonly emailsSent: number;
  readonly lastClaimedAt: EpochMs;
  readonly lastEmailId: string;
  /** The number of transactions when the last email was claimed, which answered all of them. */
  readonly transactionsAnswered: number;
  /**
   * When each reason first arose. Each reason has its own entry, so that facts may arrive in any order and any number of
   * times, and lifting one leaves the others.
   */
  readonly suppressions?: Readonly<Partial<Record<SuppressionReason, EpochMs>>>;
  /** When a customer who signed up gets the first steps; absent when they are sent or dropped. */
  readonly firstStepsDueAt?: EpochMs;
  /** When the email with the first steps was claimed. */
  readonly firstStepsClaimedAt?: EpochMs;
  /** The end of the pause that the customer chose. */
  readonly pausedUntil?: EpochMs;
}

/** The facts that keep a customer from getting emails. */
export type Suppression = Pick<Outreach, 'suppressions' | 'pausedUntil'>;

/** The limits of all emails to one customer. */
export interface OutreachLimits {
  /** The least time between two emails to one customer. */
  readonly cooldown: Millis;
  /** The most emails one customer ever gets. */
  readonly maxEmails: number;
}

/** When a purchase earns an email. */
export interface OutreachPolicy extends OutreachLimits {
  /** An older purchase earns no email: its buyer has forgotten it, and a backlog must not become a mass mailing. */
  readonly maxTransactionAge: Millis;
}

/** The recipient of an email, with the facts that it may mention. */
export interface Recipient {
  readonly address: string;
  readonly locale: Locale;
  /** As a source wrote it, so it must be escaped. */
  readonly name?: string;
  readonly latestTransaction?: LatestTransaction;
}

/** The decision to send an email. */
export interface Send {
  readonly action: 'send';
  readonly stage: MailedStage;
  /** Which email to this customer it is, counted from 1. */
  readonly sequence: number;
  /** The number of transactions of the customer, all of which the email answers. */
  readonly transactionsAnswered: number;
  readonly recipient: Recipient;
}

interface Skip<Reason> {
  readonly action: 'skip';
  readonly reason: Reason;
}

/*
 * There are three decisions: after a purchase, some days after a sign-up, and again before a late email is sent. Each checks
 * its conditions in the same order and stops at the first reason not to send: first the customer, then the occasion, and last
 * the outreach, which costs a read. They differ only in the conditions of the occasion.
 */

/** The reasons against any email to a customer. */
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

/** The reason to skip that follows from the customer alone, without a read. */
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

/** Why a customer does not get the first steps. */
export type FirstStepsSkipReason =
  PersonalReason | 'never-bought' | 'suppressed' | 'already-shown' | 'cap-reached';

export type FirstStepsDecision =
  | Send
  | Skip<FirstStepsSkipReason>
  /** It is too early; `until` is when to decide again. */
  | { readonly action: 'postpone'; readonly until: EpochMs };

/**
 * Whether a customer who signed up some days ago, and has done nothing since, gets the first steps now: once, without
 * another purchase, but within the limits of all outreach. A cooldown or a pause postpones them, because a sign-up does not
 * become outdated as a purchase does.
 * @param customer undefined after an erasure.
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
 * Decides again about an email that was claimed some time ago. The age of the purchase and the limits are not checked again,
 * because this email counts towards them already.
 * @param email the stage that the email is for.
 * @param customer undefined after an erasure.
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

/** A customer with no personal reason against an email. */
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

/** Whether the customer may get no emails, permanently or during a pause. */
export function isSuppressed(outreach: Suppression | undefined, now: EpochMs): boolean {
  if (outreach === undefined) return false;
  return isSuppressedForGood(outreach) || now < (outreach.pausedUntil ?? 0);
}

function isSuppressedForGood({ suppressions = {} }: Suppression): boolean {
  return Object.keys(suppressions).length > 0;
}
