import { Timestamp } from '@google-cloud/firestore';
import { expect } from 'chai';
import { quarantineIdOf } from '../../../functions/src/domain/identity.ts';
import { now as beginning } from '../transactions.ts';
import type { Stored } from './final-state.ts';
import {
  buyerIds,
  buyers,
  controlGroup,
  recordingPolicy,
  type Purchase,
  type PublishedPurchase,
} from './purchases.ts';
import { QUARANTINE_RETENTION } from './system.ts';
import { presentTime } from './virtual-world.ts';

/** The fields of a document in `transactions` that are compared. */
interface StoredTransaction {
  readonly source: string;
  readonly transactionId: string;
  readonly occurredAt: Timestamp;
  readonly customerId: string | null;
  readonly total: { readonly amount: number; readonly currency: string };
}

/** What `recordTransaction` promises once all messages are acknowledged, after any faults. */
export function expectEverythingRecorded(published: readonly PublishedPurchase[], stored: Stored): void {
  const transactions = stored.transactions as Transactions & Stored['transactions'];
  expectOneTransactionForEachId(published, transactions);
  expectConflictsInQuarantine(published, transactions, stored);
  expectCustomersToAddUp([...transactions.values()], stored);
}

type Transactions = ReadonlyMap<string, StoredTransaction & { readonly expireAt: Timestamp }>;

function expectOneTransactionForEachId(published: readonly PublishedPurchase[], transactions: Transactions) {
  expect([...transactions.keys()], 'the transactions stored').to.have.members([
    ...new Set(published.map(({ key }) => key)),
  ]);
  for (const [key, transaction] of transactions) {
    const reported = published.filter((each) => each.key === key).map(({ purchase }) => stored(purchase));
    expect(reported, 'what was reported under the ID of a transaction').to.deep.include(
      contentOf(transaction),
    );
    const recordedAt = transaction.expireAt.toMillis() - recordingPolicy.transactionRetention;
    expect(recordedAt, 'when a transaction was recorded').to.be.within(beginning, presentTime());
  }
}

/** The quarantine holds exactly the messages that differ from the transaction stored under their ID. */
function expectConflictsInQuarantine(
  published: readonly PublishedPurchase[],
  transactions: Transactions,
  { quarantine }: Stored,
) {
  const conflicting = published.filter(
    ({ key, purchase }) => transactions.get(key)?.total.amount !== purchase.amount,
  );
  expect([...quarantine.keys()], 'the messages in quarantine').to.have.members(
    conflicting.map(({ message }) => quarantineIdOf(message.topic, message.messageId)),
  );
  for (const kept of quarantine.values()) {
    expect(kept['reason']).to.equal('conflicting-duplicate');
    const [receivedAt, expireAt] = [kept['receivedAt'] as Timestamp, kept['expireAt'] as Timestamp];
    expect(expireAt.toMillis() - receivedAt.toMillis()).to.equal(QUARANTINE_RETENTION);
  }
}

/** Each customer is exactly the sum of their transactions. */
function expectCustomersToAddUp(transactions: readonly StoredTransaction[], { customers }: Stored): void {
  for (const [buyer, customerId] of buyerIds.entries()) {
    const theirs = transactions.filter((each) => each.customerId === customerId);
    if (theirs.length === 0) continue;
    const group = controlGroup.includes(customerId) ? 'control' : 'outreach';
    const expected = { email: buyers[buyer], group, ...sumOf(theirs) };
    expect(customers.get(customerId), 'a customer').to.deep.include(expected);
  }
}

function sumOf(transactions: readonly StoredTransaction[]) {
  const times = transactions.map(({ occurredAt }) => occurredAt.toMillis());
  const bySource: Record<string, number> = {};
  for (const { source } of transactions) bySource[source] = (bySource[source] ?? 0) + 1;
  return {
    transactions: transactions.length,
    emailSources: { checkout: transactions.length },
    spend: { EUR: transactions.reduce((sum, { total }) => sum + total.amount, 0) },
    firstTransactionAt: Math.min(...times),
    lastTransactionAt: Math.max(...times),
    transactionsBySource: bySource,
  };
}

/** The transaction that a purchase is stored as. */
function stored({ source, transactionId, occurredAt, buyer, amount }: Purchase): StoredTransaction {
  return {
    source,
    transactionId,
    occurredAt: Timestamp.fromMillis(occurredAt),
    customerId: (buyer === undefined ? undefined : buyerIds[buyer]) ?? null,
    total: { amount, currency: 'EUR' },
  };
}

function contentOf(transaction: StoredTransaction): StoredTransaction {
  const { source, transactionId, occurredAt, customerId, total } = transaction;
  return { source, transactionId, occurredAt, customerId, total };
}
