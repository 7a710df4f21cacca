import { firestoreTransactions } from '../functions/src/adapters/firestore/transactions.ts';
import { transactionRecord, type TransactionRecord } from '../functions/src/domain/transaction-record.ts';
import { decodeTransaction } from '../functions/src/messages/transaction.ts';
import type { TransactionStore } from '../functions/src/ports.ts';
import { firestoreClient } from '../local/production/firestore.ts';
import { LOCAL_HASH_KEY } from '../local/stack/environment.ts';

const policy = { hashKey: LOCAL_HASH_KEY, controlGroupShare: 0, transactionRetention: 730 * 86_400_000 };

/** All that recording a purchase writes, worked out beforehand. */
export function recordOf(purchase: Buffer): TransactionRecord {
  const now = Date.now();
  const decoded = decodeTransaction(purchase, now);
  if ('fault' in decoded) throw new Error(`A purchase is invalid: ${decoded.fault.details.join(', ')}`);
  return transactionRecord(decoded.value, policy, now);
}

export interface Floor extends TransactionStore {
  close(): Promise<void>;
}

/**
 * The floor: a client that makes the commits of purchases and does nothing else. No function is called, nothing is
 * received, read, checked, hashed or logged.
 * @param host of the Firestore emulator, as `HOST:PORT`.
 */
export function openFloor(host: string): Floor {
  const firestore = firestoreClient(host);
  return { ...firestoreTransactions(firestore), close: () => firestore.terminate() };
}
