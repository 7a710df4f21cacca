import { customerIdOf, transactionKeyOf } from '../../../functions/src/domain/identity.ts';
import type { Source } from '../../../functions/src/domain/transaction.ts';
import type { PublishedMessage } from '../../../functions/src/domain/published-message.ts';
import type { RecordingPolicy } from '../../../functions/src/domain/transaction-record.ts';
import { publishedMessage } from '../messages.ts';
import { day } from '../transactions.ts';

/** With the key and the share below, `cy` alone is in the control group. */
export const buyers = ['ann', 'bob', 'cy', 'dee', 'eve'].map((name) => `${name}@example.com`);
export const recordingPolicy: RecordingPolicy = {
  hashKey: 'a key of the schedules, long enough to be one',
  controlGroupShare: 0.25,
  transactionRetention: 730 * day,
};
export const buyerIds = buyers.map((email) => customerIdOf(email, recordingPolicy.hashKey));

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

/** A message on the topic. */
export interface PublishedPurchase {
  readonly purchase: Purchase;
  /** The ID of the document of its transaction. */
  readonly key: string;
  readonly message: PublishedMessage;
  acknowledged: boolean;
}

export function publish(purchase: Purchase): PublishedPurchase {
  const { transactionId, source, occurredAt, buyer, amount } = purchase;
  const email = buyer === undefined ? undefined : buyers[buyer];
  const message = publishedMessage({
    transactionId,
    source,
    occurredAt: new Date(occurredAt).toISOString(),
    ...(email && { customer: { email } }),
    items: [{ sku: 'QB-1', name: 'Quinoa Bowl', category: 'bowls', quantity: 1, unitPrice: amount }],
    total: { amount, currency: 'EUR' },
  });
  return { purchase, key: transactionKeyOf(source, transactionId), message, acknowledged: false };
}

/** A different purchase under the same ID, with another amount and another buyer. */
export function contradiction(purchase: Purchase): Purchase {
  return { ...purchase, amount: purchase.amount + 1, buyer: ((purchase.buyer ?? 0) + 1) % buyers.length };
}
