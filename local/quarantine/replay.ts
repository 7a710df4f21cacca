import type { PubSub } from '@google-cloud/pubsub';
import { explained } from '../publishing/publishing-error.ts';
import type { QuarantinedMessage, QuarantineStore } from './store.ts';

/** Pub/Sub keeps attributes that begin so for itself, and takes no message that brings some. */
const RESERVED = 'goog';

/**
 * Publishes a quarantined message again as it was and takes it out of quarantine once Pub/Sub has acknowledged it.
 * Interrupted between the two, it stays, and replaying it again does as little harm as any message that comes twice.
 * @returns the ID of the new message.
 * @throws Error when it is not there, when only a part of it was kept, or when it cannot be published.
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
    throw new Error(explained(cause, topic), { cause });
  }
}
