import canonicalize from 'canonicalize';
import { groupOf, type Group } from './customer.ts';
import { customerIdOf, digestOf, transactionKeyOf } from './identity.ts';
import type { EpochMs, Millis } from './time.ts';
import type { Buyer, Transaction } from './transaction.ts';

/** A transaction, with everything that is recorded for it. */
export interface TransactionRecord {
  /** The ID of its document. */
  readonly key: string;
  /** Tells a repetition from different content under the same ID. */
  readonly digest: string;
  readonly transaction: Transaction;
  /** Absent when the source knows no email address: the purchase counts, but its buyer cannot get an email. */
  readonly buyer?: IdentifiedBuyer;
  /** When the transaction is deleted. */
  readonly expireAt: EpochMs;
}

/** A buyer, with the pseudonym and the group that follow from the address. */
export interface IdentifiedBuyer extends Buyer {
  readonly customerId: string;
  readonly group: Group;
}

export interface RecordingPolicy {
  /** Key of the pseudonyms. */
  readonly hashKey: string;
  /** The share of the customers who get no emails, 0 to 1. */
  readonly controlGroupShare: number;
  readonly transactionRetention: Millis;
}

export function transactionRecord(
  transaction: Transaction,
  policy: RecordingPolicy,
  now: EpochMs,
): TransactionRecord {
  return {
    key: transactionKeyOf(transaction.source, transaction.transactionId),
    // RFC 8785: the canonical form does not depend on the order of keys.
    digest: digestOf(canonicalize(decidingPart(transaction)) ?? '', policy.hashKey),
    transaction,
    ...(transaction.buyer && { buyer: identified(transaction.buyer, policy) }),
    expireAt: now + policy.transactionRetention,
  };
}

/** Without decoration, so that a later rule about what is fit does not turn a redelivery into a conflict. */
function decidingPart({ transactionId, source, occurredAt, total, buyer }: Transaction) {
  return {
    transactionId,
    source,
    occurredAt,
    total,
    ...(buyer && { email: buyer.email, emailSource: buyer.emailSource }),
  };
}

function identified(buyer: Buyer, { hashKey, controlGroupShare }: RecordingPolicy): IdentifiedBuyer {
  const customerId = customerIdOf(buyer.email, hashKey);
  return { ...buyer, customerId, group: groupOf(customerId, controlGroupShare) };
}
