import type { Customer, Stage } from './customer.ts';
import type { Send } from './outreach.ts';

/** Identity of one email of an outreach: `{customerId}~{sequence}`. */
export function emailIdOf(customerId: string, sequence: number): string {
  return `${customerId}~${sequence}`;
}

/** Whose outreach an email belongs to. */
export function customerIdIn(emailId: string): string {
  return emailId.slice(0, emailId.lastIndexOf('~'));
}

/** An email that somebody has claimed and is about to send. Times are epoch milliseconds. */
export interface ClaimedEmail {
  readonly emailId: string;
  readonly customerId: string;
  /** From 1. */
  readonly sequence: number;
  readonly stage: Exclude<Stage, 'engaged'>;
  /** Present when no purchase was the occasion, but a sign-up some days ago. */
  readonly occasion?: 'sign-up';
  /** How many transactions the customer had: the ones this email answers. */
  readonly transactionsAnswered: number;
  /** When it was claimed for the first time. */
  readonly claimedAt: number;
  /** When the last attempt to send it began. */
  readonly attemptedAt: number;
  /** How many attempts to send it have begun. */
  readonly attempts: number;
  /** When whoever claimed it is taken for dead, and must not send it any more. */
  readonly dueAt: number;
}

/**
 * The claim of an email that has been decided on.
 * @param now epoch milliseconds.
 * @param lease in ms.
 */
export function claimedEmail(
  { customerId, transactions }: Customer,
  { stage, sequence }: Send,
  now: number,
  lease: number,
): ClaimedEmail {
  return {
    emailId: emailIdOf(customerId, sequence),
    customerId,
    sequence,
    stage,
    transactionsAnswered: transactions,
    claimedAt: now,
    attemptedAt: now,
    attempts: 1,
    dueAt: now + lease,
  };
}

/** An email in the ledger that is not finished. */
export interface OpenEmail extends ClaimedEmail {
  readonly status: 'claimed' | 'deferred' | 'unknown';
  /** When SendGrid's webhook first told of it, whatever it told: the proof that SendGrid has taken it. */
  readonly heardOfAt?: number;
}

/**
 * What an email is after an attempt to send it. Every state but the final ones, `accepted` and `rejected`, has a
 * time when somebody must look at it again, so that no email is open for ever. Epoch milliseconds throughout.
 */
export type EmailState =
  | { readonly status: 'accepted'; readonly acceptedAt: number; readonly messageId?: string }
  | { readonly status: 'rejected'; readonly rejectedAt: number; readonly reason: string }
  | { readonly status: 'deferred'; readonly dueAt: number; readonly reason: string }
  | { readonly status: 'unknown'; readonly dueAt: number; readonly reason: string };

/** What is known after an attempt to hand an email over. */
export type SendOutcome =
  | { readonly kind: 'accepted'; readonly messageId: string }
  /** Refused for good: the same email will never be taken. */
  | { readonly kind: 'refused'; readonly reason: string }
  /** Certainly not taken this time. `retryAt` (epoch ms) when the other side named a time. */
  | { readonly kind: 'not-accepted'; readonly reason: string; readonly retryAt?: number }
  /** It may have been taken, or not. */
  | { readonly kind: 'ambiguous'; readonly reason: string };

/** How an email is brought to its end. All durations in ms. */
export interface DeliveryPolicy {
  /** How long one attempt may take before whoever makes it is taken for dead. */
  readonly lease: number;
  /** The wait after a first attempt that failed; it doubles with every further one. */
  readonly firstBackoff: number;
  readonly longestBackoff: number;
  readonly maxAttempts: number;
  /** How long after its claim an email is still worth sending. */
  readonly giveUpAfter: number;
  /** How long SendGrid's webhook has to tell of an email that may have been taken. */
  readonly grace: number;
  /** Whether SendGrid's webhook is set up. Without it, silence proves nothing, and nothing is sent twice. */
  readonly webhookConfigured: boolean;
}

/**
 * @param now epoch milliseconds.
 * @param chance 0 to 1, drawn at random: it spreads what failed together.
 */
export function stateAfter(
  outcome: SendOutcome,
  { attempts }: Pick<ClaimedEmail, 'attempts'>,
  policy: DeliveryPolicy,
  now: number,
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

/** Doubles with every attempt, up to a limit; from half of that to all of it, by chance. */
function backoff(attempts: number, { firstBackoff, longestBackoff }: DeliveryPolicy, chance: number): number {
  const longest = Math.min(firstBackoff * 2 ** (attempts - 1), longestBackoff);
  return Math.round(longest * (0.5 + chance / 2));
}

/** What an open email needs whose time has come: a new state at once, or another attempt. */
export type NextStep = { readonly step: 'settle'; readonly state: EmailState } | { readonly step: 'send' };

/** @param now epoch milliseconds. */
export function nextStep(email: OpenEmail, policy: DeliveryPolicy, now: number): NextStep {
  if (email.heardOfAt !== undefined) {
    return { step: 'settle', state: { status: 'accepted', acceptedAt: email.heardOfAt } };
  }
  if (email.status !== 'deferred') {
    // Its last attempt may have got through, though whoever made it died or heard nothing.
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

function rejected(reason: string, now: number): NextStep {
  return { step: 'settle', state: { status: 'rejected', rejectedAt: now, reason } };
}
