import { FieldValue, Timestamp, type DocumentReference, type Firestore } from '@google-cloud/firestore';
import type { IdentifiedBuyer, TransactionRecord } from '../../domain/transaction-record.ts';
import type { Location, Transaction } from '../../domain/transaction.ts';
import { RetryableError } from '../../errors.ts';
import type { Recording, TransactionStore } from '../../ports.ts';
import { status, statusOf } from './status.ts';

/**
 * Records transactions by one blind commit: the creation of the transaction guards the upsert of the customer,
 * which consists of field transforms only. Nothing is read, so that nothing is locked and no order matters.
 */
export function transactionStore(firestore: Firestore): TransactionStore {
  return {
    async record(record) {
      const guard = firestore.collection('transactions').doc(record.key);
      try {
        return (await commit(firestore, guard, record)) ? 'recorded' : await comparedWith(guard, record);
      } catch (error) {
        throw new RetryableError('A transaction could not be stored.', { cause: error });
      }
    },
  };
}

/** False when the guard stands already: then nothing has been written. */
async function commit(firestore: Firestore, guard: DocumentReference, record: TransactionRecord) {
  const batch = firestore.batch().create(guard, transactionDocument(record));
  if (record.buyer !== undefined) {
    const customer = firestore.collection('customers').doc(record.buyer.customerId);
    batch.set(customer, customerUpsert(record.transaction, record.buyer), { merge: true });
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

/** `latestTransaction`, the name and the locale are the last ones received; all else is independent of any order. */
function customerUpsert(transaction: Transaction, buyer: IdentifiedBuyer) {
  const { source, occurredAt, location, items, total } = transaction;
  return {
    email: buyer.email,
    emailSources: { [buyer.emailSource]: FieldValue.increment(1) },
    ...(buyer.name && { name: buyer.name }),
    ...(buyer.locale && { locale: buyer.locale }),
    group: buyer.group,
    transactions: FieldValue.increment(1),
    spend: { [total.currency]: FieldValue.increment(total.amount) },
    firstTransactionAt: FieldValue.minimum(occurredAt),
    lastTransactionAt: FieldValue.maximum(occurredAt),
    transactionsBySource: { [source]: FieldValue.increment(1) },
    ...(location && { transactionsByLocation: { [locationKey(location)]: FieldValue.increment(1) } }),
    latestTransaction: { occurredAt, source, location: location ? completely(location) : null, items },
  };
}

/** Vendors choose the IDs of locations, and Firestore reserves names such as `__id__`. */
function locationKey({ id }: Location): string {
  return `at ${id}`;
}

/** A merging write keeps what it does not mention: without the nulls, one fridge would inherit another's zone. */
function completely({
  id,
  name = null,
  zone = null,
  timeZone = null,
}: { [K in keyof Location]: Location[K] | null }) {
  return { id, name, zone, timeZone };
}
