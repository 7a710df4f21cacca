import type { Firestore, Timestamp } from '@google-cloud/firestore';
import { streamOf } from '../target/queries.ts';
import type { Purchase } from './history.ts';
import { hourIn } from './hour.ts';
import { placeLabel } from './place.ts';

/** What is read of a stored transaction. */
interface StoredTransaction {
  readonly customerId: string | null;
  readonly occurredAt: Timestamp;
  readonly location: { readonly id: string; readonly name?: string; readonly timeZone?: string } | null;
}

/** All stored transactions. Reads only the fields that the report needs: neither addresses nor items. */
export async function* purchasesInFirestore(firestore: Firestore): AsyncGenerator<Purchase> {
  const fields = firestore.collection('transactions').select('customerId', 'occurredAt', 'location');
  for await (const document of streamOf(fields)) {
    const { customerId, occurredAt, location } = document.data() as StoredTransaction;
    const time = occurredAt.toMillis();
    yield {
      id: document.id,
      ...(customerId !== null && { buyer: customerId }),
      occurredAt: time,
      hour: hourIn(location?.timeZone, time),
      ...(location && { place: placeLabel(location) }),
    };
  }
}
