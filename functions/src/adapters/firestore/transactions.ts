import { Timestamp, type DocumentReference, type Firestore } from '@google-cloud/firestore';
import type { TransactionRecord } from '../../domain/transaction-record.ts';
import type { Recording, TransactionStore } from '../../ports.ts';
import { tryFirestore, status, statusOf } from './client.ts';
import { mergeOfPurchase } from './customer-documents.ts';

/**
 * Records a transaction with one commit and no read: the creation of the transaction guards the update of the customer, which
 * consists of field transforms. Nothing is locked, and the order does not matter.
 */
export function firestoreTransactions(firestore: Firestore): TransactionStore {
  return {
    record: (record) =>
      tryFirestore('A transaction could not be stored.', async () => {
        const guard = firestore.collection('transactions').doc(record.key);
        return (await commit(firestore, guard, record)) ? 'recorded' : comparedWith(guard, record);
      }),
  };
}

/** False when the guard exists already, in which case nothing is written. */
async function commit(firestore: Firestore, guard: DocumentReference, record: TransactionRecord) {
  const batch = firestore.batch().create(guard, transactionDocument(record));
  if (record.buyer !== undefined) {
    const customer = firestore.collection('customers').doc(record.buyer.customerId);
    const { data, options } = mergeOfPurchase(record.transaction, record.buyer);
    batch.set(customer, data, options);
  }
  try {
    await batch.commit();
    return true;
  } catch (error) {
    if (statusOf(error) === status.alreadyExists) return false;
    throw error;
  }
}

async function comparedWith(guard: DocumentReference, { digest }: TransactionRecord): Promise<Recording> {
  const stored = await guard.get();
  return stored.get('digest') === digest ? 'duplicate' : 'conflict';
}

function transactionDocument({ transaction, buyer, digest, expireAt }: TransactionRecord) {
  const { transactionId, source, occurredAt, location, items, total } = transaction;
  return {
    transactionId,
    source,
    occurredAt: Timestamp.fromMillis(occurredAt),
    customerId: buyer?.customerId ?? null,
    location: location ?? null,
    items,
    total,
    digest,
    expireAt: Timestamp.fromMillis(expireAt),
  };
}
