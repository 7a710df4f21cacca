import type { Delivery } from './delivery.ts';

/** `google.pubsub.v1.PullResponse` and `StreamingPullResponse`. */
export interface ReceivedMessages {
  readonly receivedMessages: readonly object[];
}

export function received(deliveries: readonly Delivery[]): ReceivedMessages {
  const receivedMessages = deliveries.map(({ ackId, deliveryAttempt, message }) => {
    const { publishTime } = message;
    const timestamp = { seconds: Math.floor(publishTime / 1_000), nanos: (publishTime % 1_000) * 1_000_000 };
    return { ackId, deliveryAttempt, message: { ...message, publishTime: timestamp } };
  });
  return { receivedMessages };
}
