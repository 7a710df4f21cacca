import type { PubSub } from '@google-cloud/pubsub';
import { explainPublishingError } from '../target/errors.ts';
import type { QuarantinedMessage, QuarantineStore } from './store.ts';

/** Pub/Sub reserves attributes with this prefix and refuses messages that are published with one. */
const RESERVED = 'goog';

/**
 * Publishes a quarantined message again, unchanged, and removes it from quarantine once Pub/Sub has acknowledged it. After
 * an interruption between the two it stays in quarantine. Replaying it again is harmless, like every duplicate.
 * @returns the ID of the new message.
 * @throws Error when it is not in quarantine, when only a part of it was kept, or when it cannot be published.
 */
export async function replay(id: string, quarantine: QuarantineStore, pubsub: PubSub): Promise<string> {
  const message = await quarantine.read(id);
  if (message === undefined) throw new Error('there is no such message in quarantine');
  if (message.truncated) {
    throw new Error(
      `only the first ${message.data.length} of its ${message.size} bytes were kept: its publisher must send it again`,
    );
  }
  const messageId = await publishAgain(message, pubsub);
  await quarantine.remove(id);
  return messageId;
}

async function publishAgain(
  { topic, data, attributes }: QuarantinedMessage,
  pubsub: PubSub,
): Promise<string> {
  const own = Object.entries(attributes).filter(([name]) => !name.startsWith(RESERVED));
  try {
    return await pubsub.topic(topic).publishMessage({ data, attributes: Object.fromEntries(own) });
  } catch (cause) {
    throw new Error(explainPublishingError(cause, topic), { cause });
  }
}
