import type { Firestore } from '@google-cloud/firestore';
import { RetryableError } from '../../errors.ts';
import { customerFrom } from '../../messages/customer-written.ts';
import type { CustomerStore } from '../../ports.ts';

export function firestoreCustomers(firestore: Firestore): CustomerStore {
  return {
    async read(customerId) {
      try {
        const fields = (await firestore.collection('customers').doc(customerId).get()).data();
        return fields && customerFrom(customerId, fields);
      } catch (error) {
        throw new RetryableError('A customer could not be read.', { cause: error });
      }
    },
  };
}
