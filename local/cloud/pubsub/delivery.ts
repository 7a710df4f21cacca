/** What passes between a subscription and those that take its messages. */
import type { Message } from './messages.ts';
import { toMillis, type SubscriptionSettings } from './settings.ts';

/** A message in the hands of a consumer. */
export interface Delivery {
  readonly ackId: string;
  readonly message: Message;
  /** From 1 up; always 0 when the subscription has no dead-letter policy. */
  readonly deliveryAttempt: number;
}

/** A pull, a stream, or a push endpoint. It takes messages; none are forced on it. */
export interface Consumer {
  /** There may be messages to take. */
  offer(): void;
  /** The subscription is gone. */
  end(): void;
}

export interface TakeOptions {
  /** The most messages. */
  readonly messages: number;
  /** No further message is taken once there are so many bytes. */
  readonly bytes?: number;
  /** In ms; the subscription's own when absent. */
  readonly ackDeadline?: number;
  /** Called once, when the delivery is acknowledged, refused, or past its deadline. */
  readonly onSettled?: (delivery: Delivery) => void;
}

/**
 * How endpoints without a retry policy are spared, in ms: the bounds of the push backoff in
 * https://cloud.google.com/pubsub/docs/push.
 */
const PUSH_BACKOFF = { shortest: 100, longest: 60_000 };

/** How long a message waits after so many failed deliveries, in ms: it doubles from the shortest to the longest. */
export function backoff({ retryPolicy, pushConfig }: SubscriptionSettings, failures: number): number {
  const pushed = pushConfig.pushEndpoint === '' ? { shortest: 0, longest: 0 } : PUSH_BACKOFF;
  const { shortest, longest } = retryPolicy
    ? { shortest: toMillis(retryPolicy.minimumBackoff), longest: toMillis(retryPolicy.maximumBackoff) }
    : pushed;
  return Math.min(shortest * 2 ** (failures - 1), longest);
}
