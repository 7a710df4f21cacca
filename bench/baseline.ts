import { firestoreTransactions } from '../functions/src/adapters/firestore/transactions.ts';
import { transactionRecord, type TransactionRecord } from '../functions/src/domain/transaction-record.ts';
import { decodeTransaction } from '../functions/src/messages/transaction.ts';
import { firestoreClient } from '../local/production/firestore.ts';
import { LOCAL_HASH_KEY } from '../operations/target/local-stack.ts';

const policy = { hashKey: LOCAL_HASH_KEY, controlGroupShare: 0, transactionRetention: 730 * 86_400_000 };

/** Everything that recording a purchase writes. */
export function recordOf(purchase: Buffer): TransactionRecord {
  const now = Date.now();
  const decoded = decodeTransaction(purchase, now);
  if ('fault' in decoded) throw new Error(`A purchase is invalid: ${decoded.fault.details.join(', ')}`);
  return transactionRecord(decoded.value, policy, now);
}

/**
 * A client that makes the commits of purchases and does nothing else. It calls no function, and it receives, reads, checks,
 * hashes and logs nothing.
 * @param host of the Firestore emulator, as `HOST:PORT`.
 */
export function openBaseline(host: string) {
  const firestore = firestoreClient(host);
  return { ...firestoreTransactions(firestore), close: () => firestore.terminate() };
}

export type Baseline = ReturnType<typeof openBaseline>;
