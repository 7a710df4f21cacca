import type { Stage } from './customer.ts';

/** Identity of one email of an outreach: `{customerId}~{sequence}`. */
export function emailIdOf(customerId: string, sequence: number): string {
  return `${customerId}~${sequence}`;
}

/** An email at the moment it is claimed. */
export interface NewEmail {
  readonly emailId: string;
  readonly customerId: string;
  /** From 1. */
  readonly sequence: number;
  readonly stage: Exclude<Stage, 'engaged'>;
  /** How many transactions the customer had: the ones this email answers. */
  readonly transactionsAnswered: number;
  /** Epoch milliseconds. */
  readonly claimedAt: number;
  /** When the claimer is taken for dead. Epoch milliseconds. */
  readonly dueAt: number;
}

/**
 * What an email is after an attempt to send it. Every state but the final ones, `accepted` and `rejected`, has a
 * time when somebody must look at it again, so that no email is open for ever. Epoch milliseconds throughout.
 */
export type EmailState =
  | { readonly status: 'accepted'; readonly acceptedAt: number; readonly messageId: string }
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

/** How long an email that was certainly not taken waits, in ms, when the other side names no time. */
const DEFERRAL = 5 * 60_000;

/** How long the webhook has to tell what became of an email that may have been taken, in ms. */
const GRACE = 24 * 3_600_000;

/** @param now epoch milliseconds. */
export function stateAfter(outcome: SendOutcome, now: number): EmailState {
  switch (outcome.kind) {
    case 'accepted':
      return { status: 'accepted', acceptedAt: now, messageId: outcome.messageId };
    case 'refused':
      return { status: 'rejected', rejectedAt: now, reason: outcome.reason };
    case 'not-accepted':
      return { status: 'deferred', dueAt: outcome.retryAt ?? now + DEFERRAL, reason: outcome.reason };
    case 'ambiguous':
      return { status: 'unknown', dueAt: now + GRACE, reason: outcome.reason };
  }
}
