/** What a subscription exchanges with its broker and its consumers. */
import type { Environment } from '../environment.ts';
import { invalid } from '../grpc-error.ts';
import type { Message } from './messages.ts';
import { toMillis, type SubscriptionSettings } from './settings.ts';

/** What a subscription needs from its broker. */
export interface Host extends Environment {
  /** A new ID, unique within the broker. */
  nextId(): string;
  /**
   * Publishes the message to the dead-letter topic of the settings.
   * @returns false when that topic does not exist; then the message stays in its subscription.
   */
  deadLetter(message: Message, deliveries: number, from: SubscriptionSettings): boolean;
}

/** One delivery of a message to a consumer. */
export interface Delivery {
  readonly ackId: string;
  readonly message: Message;
  /** Starts at 1; always 0 when the subscription has no dead-letter policy. */
  readonly deliveryAttempt: number;
}

/** A pull, a stream, or a push endpoint. It decides itself how many messages it takes. */
export interface Consumer {
  /** There may be messages to take. */
  offer(): void;
  /** The subscription was deleted. */
  end(): void;
}

export interface TakeOptions {
  /** The most messages. */
  readonly messages: number;
  /** No further message is taken once this size is reached. */
  readonly bytes?: number;
  /** In ms; the subscription's own when absent. */
  readonly ackDeadline?: number;
  /** Called once, when the delivery is acknowledged, refused, or past its deadline. */
  readonly onSettled?: (delivery: Delivery) => void;
}

/**
 * The backoff of push endpoints without a retry policy, in ms: the bounds of the push backoff in
 * https://cloud.google.com/pubsub/docs/push.
 */
const PUSH_BACKOFF = { shortest: 100, longest: 60_000 };

/** How long a message waits after its failed deliveries, in ms. The wait doubles from the shortest to the longest. */
export function backoff({ retryPolicy, pushConfig }: SubscriptionSettings, failures: number): number {
  const pushed = pushConfig.pushEndpoint === '' ? { shortest: 0, longest: 0 } : PUSH_BACKOFF;
  const { shortest, longest } = retryPolicy
    ? { shortest: toMillis(retryPolicy.minimumBackoff), longest: toMillis(retryPolicy.maximumBackoff) }
    : pushed;
  return Math.min(shortest * 2 ** (failures - 1), longest);
}

/** @throws GrpcError when there are none, or one was not given by this subscription. */
export function checkAckIds(subscription: string, ackIds: readonly string[]): void {
  if (ackIds.length === 0) throw invalid('No ack ids specified.');
  const wrong = ackIds.find((ackId) => !ackId.startsWith(`${subscription}:`) || !/:\d+$/u.test(ackId));
  if (wrong !== undefined) throw invalid(`Invalid ack id (ack_id=${wrong})`);
}
