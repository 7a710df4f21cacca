/** Why a message can never succeed, or why nobody tries any more. */
export type QuarantineReason =
  | 'invalid-json'
  | 'unsupported-version'
  | 'invalid-transaction'
  | 'invalid-engagement'
  | 'conflicting-duplicate'
  | 'delivery-attempts-exhausted';

/** What is wrong with a message, in words its publisher can act on. Holds no value of the message. */
export interface MessageFault {
  readonly reason: QuarantineReason;
  /** One line a fault: which field, and what it must be. */
  readonly details: readonly string[];
}
