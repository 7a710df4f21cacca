import { Timestamp, type Firestore } from '@google-cloud/firestore';
import { quarantineIdOf } from '../../domain/identity.ts';
import { RetryableError } from '../../errors.ts';
import type { Clock, Quarantine } from '../../ports.ts';
import { status, statusOf } from './status.ts';

/** Firestore takes documents of up to 1 MiB; what is larger is kept up to here, and says so. In bytes. */
const MAX_DATA = 900_000;

/** @param retention how long a message is kept, in ms. */
export function firestoreQuarantine(firestore: Firestore, retention: number, clock: Clock): Quarantine {
  return {
    async keep({ topic, messageId, data, attributes }, { reason, details }, replayTopic = topic) {
      const now = clock();
      const message = {
        topic: replayTopic,
        messageId,
        attributes,
        data: data.subarray(0, MAX_DATA),
        size: data.length,
        truncated: data.length > MAX_DATA,
        reason,
        details,
        receivedAt: Timestamp.fromMillis(now),
        expireAt: Timestamp.fromMillis(now + retention),
      };
      try {
        await firestore.collection('quarantine').doc(quarantineIdOf(topic, messageId)).create(message);
      } catch (error) {
        if (statusOf(error) === status.alreadyExists) return;
        throw new RetryableError('A message could not be quarantined.', { cause: error });
      }
    },
  };
}
