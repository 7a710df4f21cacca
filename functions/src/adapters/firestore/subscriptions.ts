import { FieldValue, type Firestore } from '@google-cloud/firestore';
import { customerIdIn } from '../../domain/email.ts';
import type { SubscriptionStore } from '../../ports.ts';
import { tryFirestore, unlessGone } from './client.ts';

/**
 * Stores the choices of customers in their outreach. Writes need no read: they are only earliest or latest times, so their order
 * does not matter; only an undo depends on the order.
 */
export function firestoreSubscriptions(firestore: Firestore): SubscriptionStore {
  const outreachOf = (customerId: string) => firestore.collection('outreach').doc(customerId);
  return {
    read: (customerId) =>
      tryFirestore('The outreach of a customer could not be read.', async () => {
        const stored = await outreachOf(customerId).get();
        return stored.data();
      }),

    stop: (emailId, at) =>
      tryFirestore('The end of all emails to a customer could not be stored.', async () => {
        const earliest = FieldValue.minimum(at);
        const suppressions = { unsubscribed: earliest };
        await outreachOf(customerIdIn(emailId)).set({ suppressions }, { merge: true });
        const email = firestore.collection('emails').doc(emailId);
        await unlessGone(email.update({ unsubscribedAt: earliest }));
      }),

    pause: (customerId, until) =>
      tryFirestore('A pause in the emails to a customer could not be stored.', async () => {
        await outreachOf(customerId).set({ pausedUntil: FieldValue.maximum(until) }, { merge: true });
      }),

    resume: (customerId) =>
      tryFirestore('That a customer wants emails again could not be stored.', async () => {
        const nothing = FieldValue.delete();
        const choices = { 'suppressions.unsubscribed': nothing, pausedUntil: nothing };
        await unlessGone(outreachOf(customerId).update(choices));
      }),
  };
}
