import type { MailedStage } from './customer.ts';
import type { Send } from './outreach.ts';
import { DAY, HOUR, MINUTE, type EpochMs, type Millis } from './time.ts';

/** Identity of one email of an outreach: `{customerId}~{sequence}`. */
export function emailIdOf(customerId: string, sequence: number): string {
  return `${customerId}~${sequence}`;
}

/** Whose outreach an email belongs to. */
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
  /** Present when the occasion was not a purchase but a sign-up some days ago. */
  readonly occasion?: 'sign-up';
  /** How many transactions the customer had: the ones this email answers. */
  readonly transactionsAnswered: number;
  /** When it was claimed for the first time. */
  readonly claimedAt: EpochMs;
  /** When the last attempt to send it began. */
  readonly attemptedAt: EpochMs;
  /** How many attempts to send it have begun. */
  readonly attempts: number;
  /** When the run that claimed it counts as dead and must not send it any more. */
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
  /** When SendGrid's webhook first reported anything about it: the proof that SendGrid has taken it. */
  readonly heardOfAt?: EpochMs;
}

/**
 * What an email is after an attempt to send it. Every state except the final ones, `accepted` and `rejected`, has a time
 * at which to look at it again, so that no email stays open for ever.
 */
export type EmailState =
  | { readonly status: 'accepted'; readonly acceptedAt: EpochMs; readonly messageId?: string }
  | { readonly status: 'rejected'; readonly rejectedAt: EpochMs; readonly reason: string }
  | { readonly status: 'deferred'; readonly dueAt: EpochMs; readonly reason: string }
  | { readonly status: 'unknown'; readonly dueAt: EpochMs; readonly reason: string };

/** What is known after an attempt to hand an email over. */
export type SendOutcome =
  | { readonly kind: 'accepted'; readonly messageId: string }
  /** Refused for good: the same email will never be taken. */
  | { readonly kind: 'refused'; readonly reason: string }
  /** Certainly not taken this time. `retryAt` when the other side named a time. */
  | { readonly kind: 'not-accepted'; readonly reason: string; readonly retryAt?: EpochMs }
  /** It may have been taken, or not. */
  | { readonly kind: 'ambiguous'; readonly reason: string };

/** How an email is brought to its end. */
export interface SendingPolicy {
  /** How long one attempt may take before the run that makes it counts as dead. */
  readonly lease: Millis;
  /** The wait after a first attempt that failed; it doubles with every further one. */
  readonly firstBackoff: Millis;
  readonly longestBackoff: Millis;
  readonly maxAttempts: number;
  /** How long after its claim an email is still worth sending. */
  readonly giveUpAfter: Millis;
  /** How long SendGrid's webhook has to report an email that may have been taken. */
  readonly grace: Millis;
  /** Whether SendGrid's webhook is set up. Without it, silence proves nothing, and nothing is sent twice. */
  readonly webhookConfigured: boolean;
}

/** The part of the policy that no operator has a reason to change. */
export const fixedSendingPolicy = {
  /** Far longer than the timeouts of Analytics and SendGrid together. */
  lease: 5 * MINUTE,
  /** `resumeEmails` runs every five minutes. */
  firstBackoff: 5 * MINUTE,
  longestBackoff: 4 * HOUR,
  /** More than the backoffs fit into three days: an email is given up for its age first. */
  maxAttempts: 30,
  /** SendGrid reports an event again for up to 24 hours. */
  grace: DAY,
} satisfies Partial<SendingPolicy>;

/** @param chance 0 to 1, drawn at random: it spreads what failed together. */
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

/** Doubles with every attempt, up to a limit; chance takes up to half of it off. */
function backoff(attempts: number, { firstBackoff, longestBackoff }: SendingPolicy, chance: number): Millis {
  const longest = Math.min(firstBackoff * 2 ** (attempts - 1), longestBackoff);
  return Math.round(longest * (0.5 + chance / 2));
}

/** What an open email needs whose time has come: a new state at once, or another attempt. */
export type NextStep = { readonly step: 'settle'; readonly state: EmailState } | { readonly step: 'send' };

export function nextStep(email: OpenEmail, policy: SendingPolicy, now: EpochMs): NextStep {
  if (email.heardOfAt !== undefined) {
    return { step: 'settle', state: { status: 'accepted', acceptedAt: email.heardOfAt } };
  }
  if (email.status !== 'deferred') {
    // Its last attempt may have got through, even if the run that made it died or received no answer.
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
