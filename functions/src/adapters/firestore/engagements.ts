import { FieldValue, type Firestore } from '@google-cloud/firestore';
import type { EngagementRecord, EngagementStore } from '../../ports.ts';
import { retryable } from './retryable.ts';

/**
 * Records engagements blindly: earliest times only, so that nothing is read and no order matters. A sign-up also
 * puts down when the first steps are due; whether they are then wanted is decided when that time has come.
 */
export function firestoreEngagements(firestore: Firestore): EngagementStore {
  return {
    record: ({ engagement, customerId, group, firstStepsDueAt }: EngagementRecord) =>
      retryable('An engagement could not be stored.', async () => {
        const { type, occurredAt, email } = engagement;
        const fact = type === 'signed-up' ? 'signedUpAt' : 'firstActivityAt';
        const customer = { email, group, [fact]: FieldValue.minimum(occurredAt) };
        const batch = firestore.batch();
        batch.set(firestore.collection('customers').doc(customerId), customer, { merge: true });
        if (type === 'signed-up') {
          const due = { firstStepsDueAt: FieldValue.minimum(firstStepsDueAt) };
          batch.set(firestore.collection('outreach').doc(customerId), due, { merge: true });
        }
        await batch.commit();
      }),
  };
}
