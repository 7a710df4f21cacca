import { PubSub } from '@google-cloud/pubsub';
import { explainPublishingError } from './errors.ts';
import { findTarget } from './target.ts';

/** The Pub/Sub that a command publishes to. */
export interface PubsubConnection {
  readonly pubsub: PubSub;
  /** The target in words. */
  readonly description: string;
}

/**
 * Connects to the Pub/Sub of a target (see findTarget).
 * @throws Error that says what to do when there is none, or when this machine is not signed in.
 */
export async function connectPubsub(project: string | undefined): Promise<PubsubConnection> {
  const { emulator, project: projectId, description } = await findTarget('pubsub', project);
  if (emulator !== undefined) {
    return { pubsub: new PubSub({ projectId, apiEndpoint: emulator, emulatorMode: true }), description };
  }
  return { pubsub: new PubSub({ projectId }), description };
}

/**
 * Publishes one message as JSON and prints where it went.
 * @throws Error whose message a person can act on.
 */
export async function publishOne(
  message: unknown,
  topic: string,
  project: string | undefined,
): Promise<void> {
  const { pubsub, description } = await connectPubsub(project);
  try {
    const messageId = await pubsub.topic(topic).publishMessage({ json: message });
    console.log(`Message ${messageId} was published to the topic ${topic} of ${description}.`);
  } catch (cause) {
    throw new Error(explainPublishingError(cause, topic), { cause });
  } finally {
    await pubsub.close();
  }
}
