import { Timestamp, type Firestore } from '@google-cloud/firestore';
import { quarantineIdOf } from '../../domain/identity.ts';
import type { Clock, Millis } from '../../domain/time.ts';
import type { Quarantine } from '../../ports.ts';
import { retryable, status, statusOf } from './client.ts';

/** In bytes. Firestore documents have at most 1 MiB; of a larger message only the beginning is kept, marked as truncated. */
const MAX_DATA = 900_000;

/** @param replayTopic the topic for replays, if it is not the topic that the messages were received from. */
export function firestoreQuarantine(
  firestore: Firestore,
  retention: Millis,
  clock: Clock,
  replayTopic?: string,
): Quarantine {
  return {
    keep: ({ topic, messageId, data, attributes }, { reason, details }) => {
      const now = clock();
      const message = {
        topic: replayTopic ?? topic,
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
      return retryable('A message could not be quarantined.', async () => {
        try {
          await firestore.collection('quarantine').doc(quarantineIdOf(topic, messageId)).create(message);
        } catch (error) {
          if (statusOf(error) !== status.alreadyExists) throw error;
        }
      });
    },
  };
}
