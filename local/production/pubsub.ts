import type { CreateSubscriptionOptions, Message, PubSub } from '@google-cloud/pubsub';
import { pushPath, type PushSubscription } from '../../functions/subscriptions.ts';
import { PROJECT } from '../stack/environment.ts';

/** Makes every topic that is subscribed to or takes dead letters. */
export async function createTopics(pubsub: PubSub, declared: readonly PushSubscription[]): Promise<void> {
  const topics = declared.flatMap(({ topic, deadLetters }) => [
    topic,
    ...(deadLetters ? [deadLetters.topic] : []),
  ]);
  await Promise.all([...new Set(topics)].map((topic) => pubsub.createTopic(topic)));
}

/**
 * Makes a subscription as it is declared.
 * @param functionUrl where the messages are pushed; without it they wait to be pulled.
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
 * Pushes the messages of a subscription, `inFlight` of them at a time, where the emulator never pushes more than two: the
 * same request, acknowledged by 2xx, delivered again by the emulator after anything else.
 * @returns what ends it.
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
    void push(message, subscription.name, endpoint).then((taken) => {
      if (taken) message.ack();
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
