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
  /** Until then its claimer is at work on it; afterwards the claimer is taken for dead. Epoch milliseconds. */
  readonly leaseUntil: number;
}

/** Where an email is in its life. Times are epoch milliseconds. */
export type EmailState =
  | { readonly status: 'claimed'; readonly leaseUntil: number }
  | { readonly status: 'accepted'; readonly acceptedAt: number; readonly messageId: string }
  | { readonly status: 'deferred'; readonly dueAt: number; readonly reason: string }
  | { readonly status: 'rejected'; readonly rejectedAt: number; readonly reason: string }
  | { readonly status: 'unknown'; readonly unknownSince: number; readonly reason: string };
