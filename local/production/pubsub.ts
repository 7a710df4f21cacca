import type { CreateSubscriptionOptions, Message, PubSub } from '@google-cloud/pubsub';
import { pushPath, type PushSubscription } from '../../functions/subscriptions.ts';
import { PROJECT } from '../../operations/target/local-stack.ts';

/** Creates every topic that has a subscription or takes dead letters. */
export async function createTopics(pubsub: PubSub, declared: readonly PushSubscription[]): Promise<void> {
  const topics = declared.flatMap(({ topic, deadLetters }) => [
    topic,
    ...(deadLetters ? [deadLetters.topic] : []),
  ]);
  await Promise.all([...new Set(topics)].map((topic) => pubsub.createTopic(topic)));
}

/**
 * Creates a subscription.
 * @param functionUrl where messages are pushed; without it they are pulled.
 */
export async function createSubscription(
  pubsub: PubSub,
  declared: PushSubscription,
  functionUrl?: string,
): Promise<void> {
  const { name, topic, ackDeadlineSeconds, deadLetters } = declared;
  const options: CreateSubscriptionOptions = {
    ackDeadlineSeconds,
    retryPolicy: {
      minimumBackoff: duration(declared.minimumBackoffSeconds),
      maximumBackoff: duration(declared.maximumBackoffSeconds),
    },
    messageRetentionDuration: duration(declared.retentionSeconds),
    ...(deadLetters && {
      deadLetterPolicy: {
        deadLetterTopic: pubsub.topic(deadLetters.topic).name,
        maxDeliveryAttempts: deadLetters.maxDeliveryAttempts,
      },
    }),
    ...(functionUrl && { pushEndpoint: endpointOf(declared, functionUrl) }),
  };
  await pubsub.topic(topic).createSubscription(name, options);
}

/**
 * Pushes the messages of a subscription, `inFlight` of them at a time. The emulator itself never pushes more than two at a
 * time. The request is the same: 2xx acknowledges a message, and the emulator delivers it again after anything else.
 * @returns a function that stops it.
 */
export function pushWidely(
  pubsub: PubSub,
  declared: PushSubscription,
  functionUrl: string,
  inFlight: number,
): () => Promise<void> {
  const subscription = pubsub.subscription(declared.name, {
    flowControl: { maxMessages: inFlight, allowExcessMessages: false },
  });
  const endpoint = endpointOf(declared, functionUrl);
  subscription.on('message', (message: Message) => {
    void push(message, subscription.name, endpoint).then((acknowledged) => {
      if (acknowledged) message.ack();
      else message.nack();
    });
  });
  return () => subscription.close();
}

/** https://cloud.google.com/pubsub/docs/push#properties_of_a_push_request */
async function push(message: Message, subscription: string, endpoint: string): Promise<boolean> {
  const { id: messageId, publishTime, attributes } = message;
  const data = message.data.toString('base64');
  try {
    const { ok } = await fetch(endpoint, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ subscription, message: { messageId, publishTime, attributes, data } }),
    });
    return ok;
  } catch {
    return false;
  }
}

function endpointOf({ topic }: PushSubscription, functionUrl: string): string {
  return `${functionUrl}${pushPath(PROJECT, topic)}`;
}

function duration(seconds: number) {
  return { seconds: Math.floor(seconds), nanos: Math.round((seconds % 1) * 1e9) };
}
