import type { MailedStage } from './customer.ts';
import type { Send } from './outreach.ts';
import { DAY, HOUR, MINUTE, type EpochMs, type Millis } from './time.ts';

/** Identity of one email of an outreach: `{customerId}~{sequence}`. */
export function emailIdOf(customerId: string, sequence: number): string {
  return `${customerId}~${sequence}`;
}

/** The customer in the ID of an email. */
export function customerIdIn(emailId: string): string {
  return emailId.slice(0, emailId.lastIndexOf('~'));
}

/** An email that a run has claimed and is about to send. */
export interface ClaimedEmail {
  readonly emailId: string;
  readonly customerId: string;
  /** Counted from 1. */
  readonly sequence: number;
  readonly stage: MailedStage;
  /** Present when the email follows a sign-up some days ago instead of a purchase. */
  readonly occasion?: 'sign-up';
  /** The number of transactions that the customer had, all of which this email answers. */
  readonly transactionsAnswered: number;
  /** When it was claimed for the first time. */
  readonly claimedAt: EpochMs;
  /** When the last attempt to send it began. */
  readonly attemptedAt: EpochMs;
  /** The number of attempts that have begun. */
  readonly attempts: number;
  /** The end of the lease: from then on, the run that claimed the email counts as dead and must not send it. */
  readonly dueAt: EpochMs;
}

/** The claim of an email that has been decided on. */
export function claimFor(
  customerId: string,
  { stage, sequence, transactionsAnswered }: Send,
  now: EpochMs,
  lease: Millis,
): ClaimedEmail {
  return {
    emailId: emailIdOf(customerId, sequence),
    customerId,
    sequence,
    stage,
    transactionsAnswered,
    claimedAt: now,
    attemptedAt: now,
    attempts: 1,
    dueAt: now + lease,
  };
}

/** An email in the ledger that is not finished. */
export interface OpenEmail extends ClaimedEmail {
  readonly status: 'claimed' | 'deferred' | 'unknown';
  /** When SendGrid's webhook first reported anything about it, which proves that SendGrid has accepted it. */
  readonly heardOfAt?: EpochMs;
}

/**
 * The state of an email after an attempt to send it. `accepted` and `rejected` are final; every other state has a time at
 * which `resumeEmails` looks at the email again, so that no email stays open.
 */
export type EmailState =
  | { readonly status: 'accepted'; readonly acceptedAt: EpochMs; readonly messageId?: string }
  | { readonly status: 'rejected'; readonly rejectedAt: EpochMs; readonly reason: string }
  | { readonly status: 'deferred'; readonly dueAt: EpochMs; readonly reason: string }
  | { readonly status: 'unknown'; readonly dueAt: EpochMs; readonly reason: string };

/** The outcome of an attempt to hand an email over. */
export type SendOutcome =
  | { readonly kind: 'accepted'; readonly messageId: string }
  /** Refused permanently: SendGrid will never accept this email. */
  | { readonly kind: 'refused'; readonly reason: string }
  /** Certainly not accepted this time. `retryAt` when SendGrid named a time. */
  | { readonly kind: 'not-accepted'; readonly reason: string; readonly retryAt?: EpochMs }
  /** SendGrid may have accepted it or not. */
  | { readonly kind: 'ambiguous'; readonly reason: string };

/** The rules by which an open email ends as accepted or rejected. */
export interface SendingPolicy {
  /** How long one attempt may take before the run that makes it counts as dead. */
  readonly lease: Millis;
  /** The wait after the first failed attempt; it doubles with each further one. */
  readonly firstBackoff: Millis;
  readonly longestBackoff: Millis;
  readonly maxAttempts: number;
  /** How long after its claim an email is still worth sending. */
  readonly giveUpAfter: Millis;
  /** How long SendGrid's webhook has to report an email that SendGrid may have accepted. */
  readonly grace: Millis;
  /** Whether SendGrid's webhook is set up. Without it, silence proves nothing, and no email is sent again. */
  readonly webhookConfigured: boolean;
}

/** The part of the policy that no operator has a reason to change. */
export const fixedSendingPolicy = {
  /** Far longer than the timeouts of Analytics and SendGrid together. */
  lease: 5 * MINUTE,
  /** `resumeEmails` runs every five minutes. */
  firstBackoff: 5 * MINUTE,
  longestBackoff: 4 * HOUR,
  /** More than fit into three days with these backoffs: the age of an email ends it first. */
  maxAttempts: 30,
  /** SendGrid reports an event again for up to 24 hours. */
  grace: DAY,
} satisfies Partial<SendingPolicy>;

/** @param chance random, from 0 to 1: it spreads the retries of emails that failed together. */
export function stateAfter(
  outcome: SendOutcome,
  { attempts }: Pick<ClaimedEmail, 'attempts'>,
  policy: SendingPolicy,
  now: EpochMs,
  chance: number,
): EmailState {
  switch (outcome.kind) {
    case 'accepted':
      return { status: 'accepted', acceptedAt: now, messageId: outcome.messageId };
    case 'refused':
      return { status: 'rejected', rejectedAt: now, reason: outcome.reason };
    case 'not-accepted': {
      const dueAt = outcome.retryAt ?? now + backoff(attempts, policy, chance);
      return { status: 'deferred', dueAt, reason: outcome.reason };
    }
    case 'ambiguous':
      return { status: 'unknown', dueAt: now + policy.grace, reason: outcome.reason };
  }
}

/** Doubles with each attempt, up to a limit; chance shortens it by up to half. */
function backoff(attempts: number, { firstBackoff, longestBackoff }: SendingPolicy, chance: number): Millis {
  const longest = Math.min(firstBackoff * 2 ** (attempts - 1), longestBackoff);
  return Math.round(longest * (0.5 + chance / 2));
}

/** What a due email needs: a new state without an attempt, or another attempt. */
export type NextStep = { readonly step: 'settle'; readonly state: EmailState } | { readonly step: 'send' };

export function nextStep(email: OpenEmail, policy: SendingPolicy, now: EpochMs): NextStep {
  if (email.heardOfAt !== undefined) {
    return { step: 'settle', state: { status: 'accepted', acceptedAt: email.heardOfAt } };
  }
  if (email.status !== 'deferred') {
    // SendGrid may have accepted the last attempt, even if its run crashed or received no answer.
    if (!policy.webhookConfigured) return rejected('outcome-unknown', now);
    const silentUntil = email.attemptedAt + policy.grace;
    if (now < silentUntil) {
      return { step: 'settle', state: { status: 'unknown', dueAt: silentUntil, reason: 'interrupted' } };
    }
  }
  if (email.attempts >= policy.maxAttempts) return rejected('too-many-attempts', now);
  if (now - email.claimedAt > policy.giveUpAfter) return rejected('too-late', now);
  return { step: 'send' };
}

function rejected(reason: string, now: EpochMs): NextStep {
  return { step: 'settle', state: { status: 'rejected', rejectedAt: now, reason } };
}
