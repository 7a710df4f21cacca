import type { Firestore } from '@google-cloud/firestore';
import type { CustomerStore } from '../../ports.ts';
import { tryFirestore } from './client.ts';
import { customerFrom } from './customer-documents.ts';

export function firestoreCustomers(firestore: Firestore): CustomerStore {
  return {
    read: (customerId) =>
      tryFirestore('A customer could not be read.', async () => {
        const found = await firestore.collection('customers').doc(customerId).get();
        const fields = found.data();
        return fields && customerFrom(customerId, fields);
      }),
  };
}
