/**
 * How Pub/Sub delivers messages to the functions of functions.yaml, in the cloud and on the local stack, and what the
 * scheduler publishes. It is a file of its own because firebase-tools refuses a manifest with unknown keys.
 */
import { topicOf, type DeployedFunction } from './manifest.ts';
import { cloudName } from './names.ts';

/** One policy for all subscriptions. */
export const delivery = {
  minimumBackoffSeconds: 10,
  maximumBackoffSeconds: 600,
  /** About two hours and twenty minutes at these backoffs. Then the message goes to the dead-letter topic. */
  maxDeliveryAttempts: 20,
  /** How long a subscription keeps a message that is not acknowledged: seven days. */
  retentionSeconds: 7 * 24 * 60 * 60,
} as const;

/** What Pub/Sub accepts as an acknowledgement deadline (https://cloud.google.com/pubsub/docs/lease-management). */
const ACK_DEADLINE_SECONDS = { min: 10, max: 600 };

const DEAD_LETTERS = '-dead-letters';

/** The push subscription of one function. */
export interface PushSubscription {
  readonly name: string;
  readonly topic: string;
  readonly functionName: string;
  /** How long Pub/Sub waits for the function before it delivers the message again. */
  readonly ackDeadlineSeconds: number;
  /** The wait before a message is delivered again doubles from the minimum to the maximum. */
  readonly minimumBackoffSeconds: number;
  readonly maximumBackoffSeconds: number;
  readonly retentionSeconds: number;
  /** Absent for a function that reads dead letters. */
  readonly deadLetters?: { readonly topic: string; readonly maxDeliveryAttempts: number };
}

/** The push subscriptions of all functions that a topic triggers, in the order of the manifest. */
export function pushSubscriptions(functions: readonly DeployedFunction[]): PushSubscription[] {
  return functions.flatMap((definition) => {
    const topic = topicOf(definition);
    return topic === undefined ? [] : [pushSubscription(definition, topic)];
  });
}

function pushSubscription({ name, timeoutSeconds }: DeployedFunction, topic: string): PushSubscription {
  const { maxDeliveryAttempts, ...timing } = delivery;
  const deadLetterTopic = deadLetterTopicOf(topic);
  const { min, max } = ACK_DEADLINE_SECONDS;
  return {
    name: cloudName(name),
    topic,
    functionName: name,
    // Not before the function itself times out: otherwise a message would be handled twice at the same time.
    ackDeadlineSeconds: Math.min(Math.max(timeoutSeconds, min), max),
    ...timing,
    ...(deadLetterTopic !== undefined && { deadLetters: { topic: deadLetterTopic, maxDeliveryAttempts } }),
  };
}

/** Where a function expects the messages of a topic: functions-framework reads the topic from this path. */
export function pushPath(project: string, topic: string): string {
  return `/projects/${project}/topics/${topic}`;
}

/**
 * The topic for messages that could not be delivered. Undefined for a dead-letter topic itself: its messages wait
 * until they are acknowledged or their retention ends.
 */
export function deadLetterTopicOf(topic: string): string | undefined {
  return topic.endsWith(DEAD_LETTERS) ? undefined : `${topic}${DEAD_LETTERS}`;
}

/** A topic that Cloud Scheduler publishes to. */
export interface Schedule {
  readonly topic: string;
  /** In the unix-cron format, in UTC. */
  readonly cron: string;
}

export const schedules: readonly Schedule[] = [{ topic: 'resume-emails', cron: '*/5 * * * *' }];
