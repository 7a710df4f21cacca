import { findDestination } from './destination.ts';

/**
 * Publishes one message, as JSON, and says where it went.
 * @throws Error saying what to do when there is nowhere to publish to.
 */
export async function publishOne(
  message: unknown,
  topic: string,
  project: string | undefined,
): Promise<void> {
  const { pubsub, description } = await findDestination(project);
  try {
    const messageId = await pubsub.topic(topic).publishMessage({ json: message });
    console.log(`Message ${messageId} was published to the topic ${topic} of ${description}.`);
  } finally {
    await pubsub.close();
  }
}
