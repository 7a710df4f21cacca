import type { Firestore, Timestamp } from '@google-cloud/firestore';
import { hourIn } from './hour.ts';
import type { Purchase } from './history.ts';

/** A stored transaction, as far as it is read here. */
interface StoredTransaction {
  readonly customerId: string | null;
  readonly occurredAt: Timestamp;
  readonly location: { readonly id: string; readonly name?: string; readonly timeZone?: string } | null;
}

/** Streams every stored transaction, the few fields that matter of each: no address is read, nor anything bought. */
export async function* purchasesInFirestore(firestore: Firestore): AsyncGenerator<Purchase> {
  const fields = firestore.collection('transactions').select('customerId', 'occurredAt', 'location');
  for await (const document of fields.stream() as AsyncIterable<FirebaseFirestore.QueryDocumentSnapshot>) {
    const { customerId, occurredAt, location } = document.data() as StoredTransaction;
    const time = occurredAt.toMillis();
    yield {
      id: document.id,
      ...(customerId !== null && { buyer: customerId }),
      occurredAt: time,
      hour: hourIn(location?.timeZone, time),
      ...(location && { place: location.name ?? location.id }),
    };
  }
}
