import { deadLetterTopicOf, delivery } from '../../functions/subscriptions.ts';
import type { DeployedFunction } from '../../functions/manifest.ts';

/** One push subscription. Durations are in seconds. */
export interface PushSubscription {
  readonly name: string;
  readonly topic: string;
  /** The function that is called. */
  readonly functionName: string;
  /** How long a delivery may take before it counts as failed. */
  readonly ackDeadline: number;
  /** The shortest and the longest wait between two deliveries of one message. */
  readonly backoff: { readonly shortest: number; readonly longest: number };
  /** How long a message is kept that nobody has taken. */
  readonly retention: number;
  readonly deadLetters?: { readonly topic: string; readonly maxDeliveryAttempts: number };
}

/** The subscriptions that the cloud has too: one for every function that a topic triggers. */
export function pushSubscriptions(functions: readonly DeployedFunction[]): PushSubscription[] {
  return functions.flatMap(({ name, timeoutSeconds, eventTrigger }) => {
    if (eventTrigger?.eventType !== 'google.cloud.pubsub.topic.v1.messagePublished') return [];
    const { topic } = eventTrigger.eventFilters;
    const deadLetterTopic = deadLetterTopicOf(topic);
    const { minimumBackoffSeconds, maximumBackoffSeconds, maxDeliveryAttempts, retentionSeconds } = delivery;
    return {
      name: `${topic}-to-${name}`,
      topic,
      functionName: name,
      // Pub/Sub takes no less than 10 s and no more than 600 s.
      ackDeadline: Math.min(Math.max(timeoutSeconds, 10), 600),
      backoff: { shortest: minimumBackoffSeconds, longest: maximumBackoffSeconds },
      retention: retentionSeconds,
      ...(deadLetterTopic && { deadLetters: { topic: deadLetterTopic, maxDeliveryAttempts } }),
    };
  });
}
