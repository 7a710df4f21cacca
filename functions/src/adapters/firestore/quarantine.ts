import { Timestamp, type Firestore } from '@google-cloud/firestore';
import { quarantineIdOf } from '../../domain/identity.ts';
import type { PublishedMessage } from '../../domain/published-message.ts';
import type { Clock, Millis } from '../../domain/time.ts';
import type { Quarantine } from '../../ports.ts';
import { status, statusOf, tryFirestore } from './client.ts';

/**
 * In bytes, for the details, the attributes and the data of a message together. Firestore documents have at most 1 MiB; of a
 * larger message only the beginning is kept, marked as truncated.
 */
const MAX_KEPT = 1_000_000;

/** In bytes: Firestore's names and lengths of one entry of a list. */
const ENTRY_OVERHEAD = 32;

/** @param replayTopic the topic for replays, if it is not the topic that the messages were received from. */
export function firestoreQuarantine(
  firestore: Firestore,
  retention: Millis,
  clock: Clock,
  replayTopic?: string,
): Quarantine {
  return {
    keep: (message, { reason, details }) => {
      const { topic, messageId } = message;
      const now = clock();
      const document = {
        topic: replayTopic ?? topic,
        messageId,
        ...contentWithin(MAX_KEPT - sizeOf(details), message),
        reason,
        details,
        receivedAt: Timestamp.fromMillis(now),
        expireAt: Timestamp.fromMillis(now + retention),
      };
      return tryFirestore('A message could not be quarantined.', async () => {
        try {
          await firestore.collection('quarantine').doc(quarantineIdOf(topic, messageId)).create(document);
        } catch (error) {
          if (statusOf(error) !== status.alreadyExists) throw error;
        }
      });
    },
  };
}

/** An attribute as it is stored: its name is a value, because Firestore reserves some names of fields. */
export interface StoredAttribute {
  readonly name: string;
  readonly value: string;
}

/** The attributes of a quarantined message, as they were published. */
export function attributesFrom(stored: readonly StoredAttribute[]): PublishedMessage['attributes'] {
  return Object.fromEntries(stored.map(({ name, value }) => [name, value]));
}

/** As much of a message as fits: its attributes, which Pub/Sub limits to a fraction of it, and the beginning of its data. */
function contentWithin(budget: number, { attributes, data }: PublishedMessage) {
  const list = Object.entries(attributes).map(([name, value]): StoredAttribute => ({ name, value }));
  const left = budget - sizeOf(list.flatMap(({ name, value }) => [name, value]));
  const attributesFit = left >= 0;
  return {
    attributes: attributesFit ? list : [],
    data: data.subarray(0, attributesFit ? left : budget),
    size: data.length,
    truncated: left < data.length,
  };
}

function sizeOf(texts: readonly string[]): number {
  return texts.reduce((size, text) => size + Buffer.byteLength(text) + ENTRY_OVERHEAD, 0);
}
