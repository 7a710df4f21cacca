import { customerIdOf, transactionKeyOf } from '../../../functions/src/domain/identity.ts';
import { topics, type PublishedMessage } from '../../../functions/src/domain/published-message.ts';
import type { Source } from '../../../functions/src/domain/transaction.ts';
import type { RecordingPolicy } from '../../../functions/src/domain/transaction-record.ts';
import { day, encoded } from '../transactions.ts';

/** With the key and the share below, `cy` alone is in the control group. */
export const buyers = ['ann', 'bob', 'cy', 'dee', 'eve'].map((name) => `${name}@example.com`);
export const recordingPolicy: RecordingPolicy = {
  hashKey: 'a key of the schedules, long enough to be one',
  controlGroupShare: 0.25,
  transactionRetention: 730 * day,
};
export const buyerIds = buyers.map((email) => customerIdOf(email, recordingPolicy.hashKey));
export const controlGroup: readonly string[] = buyerIds.slice(2, 3);

/** A purchase as a source knows it. */
export interface Purchase {
  readonly transactionId: string;
  readonly source: Source;
  /** Epoch milliseconds. */
  readonly occurredAt: number;
  /** Index of one of the buyers; undefined when the source knows no address. */
  readonly buyer: number | undefined;
  /** Minor units. */
  readonly amount: number;
}

/** A message on the topic of purchases. */
export interface PublishedPurchase {
  readonly purchase: Purchase;
  /** The ID of the document of its transaction. */
  readonly key: string;
  readonly message: PublishedMessage;
}

/** @param index how many messages were published before. */
export function publishedPurchase(purchase: Purchase, index: number): PublishedPurchase {
  const { transactionId, source, occurredAt, buyer, amount } = purchase;
  const email = buyer === undefined ? undefined : buyers[buyer];
  const message = messageOf(topics.transactions, index, {
    transactionId,
    source,
    occurredAt: new Date(occurredAt).toISOString(),
    ...(email && { customer: { email } }),
    items: [{ sku: 'QB-1', name: 'Quinoa Bowl', category: 'bowls', quantity: 1, unitPrice: amount }],
    total: { amount, currency: 'EUR' },
  });
  return { purchase, key: transactionKeyOf(source, transactionId), message };
}

/** A message as Pub/Sub delivers it. */
export function messageOf(topic: string, index: number, content: object): PublishedMessage {
  return { messageId: `message-${index}`, topic, data: encoded(content), attributes: {} };
}

/** A different purchase under the same ID, with another amount and another buyer. */
export function contradiction(purchase: Purchase): Purchase {
  return { ...purchase, amount: purchase.amount + 1, buyer: ((purchase.buyer ?? 0) + 1) % buyers.length };
}
