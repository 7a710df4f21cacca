import { FieldValue, type Firestore, type QueryDocumentSnapshot } from '@google-cloud/firestore';
import type { AttributableEmail } from '../../domain/attribution.ts';
import { humanClickedAt, type DeliveryFacts } from '../../domain/delivery.ts';
import type { ConversionLedger } from '../../ports.ts';
import { tryFirestore } from './client.ts';

/**
 * Credits conversions on the emails themselves, as `convertedAt`. It uses a transaction, because the choice depends on all emails
 * of the customer, of which there are few, and two concurrent choices must not credit two emails.
 */
export function firestoreConversions(firestore: Firestore): ConversionLedger {
  return {
    credit: (customerId, choose) =>
      tryFirestore('A conversion could not be credited.', () =>
        firestore.runTransaction(async (transaction) => {
          const customer = await transaction.get(firestore.collection('customers').doc(customerId));
          const signedUpAt = customer.get('signedUpAt') as number | undefined;
          if (signedUpAt === undefined) return undefined;

          const emails = firestore.collection('emails').where('customerId', '==', customerId);
          const { docs } = await transaction.get(emails);
          const before = docs.find((email) => email.get('convertedAt') !== undefined)?.id;
          const credited = choose(docs.map(attributable), signedUpAt);
          for (const email of docs) {
            const convertedAt = email.id === credited ? signedUpAt : undefined;
            if (email.get('convertedAt') === convertedAt) continue;
            transaction.update(email.ref, { convertedAt: convertedAt ?? FieldValue.delete() });
          }
          if (credited === undefined || credited === before) return undefined;
          return { emailId: credited, ...(before !== undefined && { movedFrom: before }) };
        }),
      ),
  };
}

function attributable(email: QueryDocumentSnapshot): AttributableEmail {
  const acceptedAt = email.get('acceptedAt') as number | undefined;
  const clickedAt = humanClickedAt((email.get('delivery') ?? {}) as DeliveryFacts);
  return {
    emailId: email.id,
    ...(acceptedAt !== undefined && { acceptedAt }),
    ...(clickedAt !== undefined && { clickedAt }),
  };
}
