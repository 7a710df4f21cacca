import type { Firestore } from '@google-cloud/firestore';
import { firestoreTransactions } from '../functions/src/adapters/firestore/transactions.ts';
import { customerIdOf } from '../functions/src/domain/identity.ts';
import { LOCAL_HASH_KEY } from '../local/stack/environment.ts';
import { recordOf } from './floor.ts';
import { closedLoop } from './load.ts';
import { addressOf, purchaseBy } from './purchases.ts';

/** Documents in one commit, and commits on their way at the same time: the emulator takes no more in the same time. */
const BATCH = 500;
const BATCHES = 4;

/** Somebody who has bought once and whose document is copied. */
const MODEL = 'model@example.com';

/** Stores customers of the group `stored`, each with the document that their first purchase would have left. */
export async function storeCustomers(firestore: Firestore, count: number): Promise<void> {
  await firestoreTransactions(firestore).record(recordOf(purchaseBy(MODEL)));
  const customers = firestore.collection('customers');
  const model = (await customers.doc(customerIdOf(MODEL, LOCAL_HASH_KEY)).get()).data() ?? {};
  await closedLoop(Math.ceil(count / BATCH), BATCHES, async (index) => {
    const batch = firestore.batch();
    const end = Math.min((index + 1) * BATCH, count);
    for (let n = index * BATCH; n < end; n += 1) {
      const email = addressOf('stored', n);
      batch.set(customers.doc(customerIdOf(email, LOCAL_HASH_KEY)), { ...model, email });
    }
    await batch.commit();
  });
}
