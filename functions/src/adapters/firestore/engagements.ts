import { FieldValue, type Firestore } from '@google-cloud/firestore';
import type { EngagementStore } from '../../ports.ts';
import { tryFirestore } from './client.ts';
import { mergeOfEngagement } from './customer-documents.ts';

/**
 * Records engagements without a read: they are only earliest times, so the order does not matter. A sign-up also stores when the
 * first steps are due; the decision to send them is made then.
 */
export function firestoreEngagements(firestore: Firestore): EngagementStore {
  return {
    record: (record) =>
      tryFirestore('An engagement could not be stored.', async () => {
        const { engagement, customerId, firstStepsDueAt } = record;
        const batch = firestore.batch();
        const { data, options } = mergeOfEngagement(record);
        batch.set(firestore.collection('customers').doc(customerId), data, options);
        if (engagement.type === 'signed-up') {
          const due = { firstStepsDueAt: FieldValue.minimum(firstStepsDueAt) };
          batch.set(firestore.collection('outreach').doc(customerId), due, { merge: true });
        }
        await batch.commit();
      }),
  };
}
