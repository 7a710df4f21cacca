/**
 * How Pub/Sub delivers to the functions that functions.yaml subscribes to topics, and what the clock publishes. It
 * stands beside the manifest because firebase-tools refuses a manifest with keys that it does not know.
 */

/** One policy for every push subscription. */
export const delivery = {
  minimumBackoffSeconds: 10,
  maximumBackoffSeconds: 600,
  /** Two hours and twenty minutes at these backoffs; then the message goes to the dead letters. */
  maxDeliveryAttempts: 20,
  /** How long a message waits for somebody who takes it: seven days. */
  retentionSeconds: 7 * 24 * 60 * 60,
} as const;

const DEAD_LETTERS = '-dead-letters';

/**
 * Where messages of a topic go that could not be delivered in time. Undefined for dead letters themselves: they have
 * nowhere else to go, and wait until they are taken or their retention ends.
 */
export function deadLetterTopicOf(topic: string): string | undefined {
  return topic.endsWith(DEAD_LETTERS) ? undefined : `${topic}${DEAD_LETTERS}`;
}

/** A topic that Cloud Scheduler publishes to, and when (unix-cron, UTC). */
export interface Schedule {
  readonly topic: string;
  readonly cron: string;
}

export const schedules: readonly Schedule[] = [{ topic: 'resume-emails', cron: '*/5 * * * *' }];
