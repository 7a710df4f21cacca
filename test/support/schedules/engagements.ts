import { topics, type PublishedMessage } from '../../../functions/src/domain/published-message.ts';
import type { EngagementType } from '../../../functions/src/domain/engagement.ts';
import { buyers, messageOf } from './purchases.ts';

/** A message on the topic of engagements. */
export interface PublishedEngagement {
  /** Index of one of the buyers. */
  readonly buyer: number;
  readonly type: EngagementType;
  /** Epoch milliseconds. */
  readonly occurredAt: number;
  readonly message: PublishedMessage;
}

/** @param index how many messages were published before. */
export function publishedEngagement(
  buyer: number,
  type: EngagementType,
  occurredAt: number,
  index: number,
): PublishedEngagement {
  const message = messageOf(topics.engagements, index, {
    version: 1,
    eventId: `event-${index}`,
    type,
    occurredAt: new Date(occurredAt).toISOString(),
    customer: { email: buyers[buyer] },
  });
  return { buyer, type, occurredAt, message };
}
