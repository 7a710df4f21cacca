import canonicalize from 'canonicalize';
import { groupOf, type Group } from './customer.ts';
import { customerIdOf, digestOf, transactionKeyOf } from './identity.ts';
import type { Buyer, Transaction } from './transaction.ts';

/** A transaction with everything that recording it takes, computed without asking anybody. */
export interface TransactionRecord {
  /** The ID of its document. */
  readonly key: string;
  /** Tells the same content from another under the same ID. */
  readonly digest: string;
  readonly transaction: Transaction;
  /** Absent when the source knew no email address: the purchase counts, but nobody can be written to. */
  readonly buyer?: IdentifiedBuyer;
  /** When the transaction is forgotten; epoch milliseconds. */
  readonly expireAt: number;
}

/** A buyer together with what follows from the address alone. */
export interface IdentifiedBuyer extends Buyer {
  readonly customerId: string;
  readonly group: Group;
}

export interface RecordingPolicy {
  /** Key of the pseudonyms. */
  readonly hashKey: string;
  /** Share of the customers who are never mailed, 0 to 1. */
  readonly controlGroupShare: number;
  /** How long transactions are kept, in ms. */
  readonly transactionRetention: number;
}

/** @param now epoch milliseconds. */
export function transactionRecord(
  transaction: Transaction,
  policy: RecordingPolicy,
  now: number,
): TransactionRecord {
  return {
    key: transactionKeyOf(transaction.source, transaction.transactionId),
    // RFC 8785: one content has one canonical form.
    digest: digestOf(canonicalize(transaction) ?? '', policy.hashKey),
    transaction,
    ...(transaction.buyer && { buyer: identified(transaction.buyer, policy) }),
    expireAt: now + policy.transactionRetention,
  };
}

function identified(buyer: Buyer, { hashKey, controlGroupShare }: RecordingPolicy): IdentifiedBuyer {
  const customerId = customerIdOf(buyer.email, hashKey);
  return { ...buyer, customerId, group: groupOf(customerId, controlGroupShare) };
}
