import type { PublishedMessage } from '../../functions/src/messages/pubsub-event.ts';
import { encoded } from './transactions.ts';

let published = 0;

/** A message as Pub/Sub would deliver it; each has an ID of its own. */
export function publishedMessage(content: unknown): PublishedMessage {
  published += 1;
  const data = Buffer.isBuffer(content) ? content : encoded(content);
  return { messageId: `${published}`, topic: 'transactions', data, attributes: { vendor: 'acme' } };
}
