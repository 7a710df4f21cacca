import type { PublishedMessage } from './published-message.ts';

/** Why a message can never succeed, or why Pub/Sub stopped delivering it. */
export type QuarantineReason =
  | 'invalid-json'
  | 'unsupported-version'
  | 'invalid-transaction'
  | 'invalid-engagement'
  | 'conflicting-duplicate'
  | 'unstorable'
  | 'delivery-attempts-exhausted';

/** What is wrong with a message, for its publisher to act on. It never contains a value of the message. */
export interface MessageFault {
  readonly reason: QuarantineReason;
  /** One line for each fault: which field, and what it must be. */
  readonly details: readonly string[];
}

/** Keeps to its contract, and cannot be stored all the same. */
export const unstorable: MessageFault = {
  reason: 'unstorable',
  details: ['the message: Firestore cannot store it, whatever the number of attempts'],
};

/** A message that breaks its contract has a fault instead of a value. */
export type Decoded<T> = { readonly value: T } | { readonly fault: MessageFault };

/** A message whose deliveries failed as often as is allowed. */
export interface DeadLetter {
  /** As it was first published, except for its ID, which is the dead letter's own. */
  readonly message: PublishedMessage;
  readonly fault: MessageFault;
}
