import { Timestamp, type DocumentData } from '@google-cloud/firestore';
import { expect } from 'chai';
import fc from 'fast-check';
import { customerIdOf } from '../../functions/src/domain/identity.ts';
import type { PublishedMessage } from '../../functions/src/domain/published-message.ts';
import { customerFrom } from '../../functions/src/adapters/firestore/customer-documents.ts';
import { createRecordTransaction } from '../../functions/src/usecases/record-transaction.ts';
import { emptyFirestore, firestoreForEachTest } from '../support/emulators.ts';
import { logForEachTest } from '../support/log.ts';
import { publishedMessage } from '../support/messages.ts';
import { transactionRecorder } from '../support/recording.ts';
import { day, minute, now, transaction, transactionMessage } from '../support/transactions.ts';

const hashKey = 'a key of the tests, long enough to be one';
const annId = customerIdOf('ann.lee@example.com', hashKey);

describe('recording transactions', () => {
  const test = firestoreForEachTest();
  const recorded = logForEachTest();

  function record(message: PublishedMessage, { firestore } = test): Promise<void> {
    return transactionRecorder(firestore, recorded.log, hashKey)(message);
  }
  const documentsOf = async (collection: string): Promise<DocumentData[]> =>
    (await test.firestore.collection(collection).get()).docs.map((document) => document.data());
  const ann = async ({ firestore } = test) =>
    customerFrom(annId, (await firestore.doc(`customers/${annId}`).get()).data() ?? {});

  it('takes two writes, no read and one call', async () => {
    await record(publishedMessage(transactionMessage()));
    expect(test.meter.take()).to.deep.equal({ rpcs: { Commit: 1 }, reads: 0, writes: 2 });
    await record(publishedMessage(transactionMessage({ transactionId: 'sale-2' })));
    expect(test.meter.take()).to.deep.equal({ rpcs: { Commit: 1 }, reads: 0, writes: 2 });
  });

  it('stores the purchase and its buyer, with the address on the buyer alone', async () => {
    await record(publishedMessage(transactionMessage()));
    expect(recorded.events()).to.deep.equal(['transaction-recorded']);
    const [stored] = await documentsOf('transactions');
    expect(stored).to.include({ transactionId: 'sale-1', source: 'smart-fridge', customerId: annId });
    expect(stored?.['occurredAt']).to.deep.equal(Timestamp.fromMillis(now - 5 * minute));
    expect(stored?.['expireAt']).to.deep.equal(Timestamp.fromMillis(now + 730 * day));
    expect(JSON.stringify(stored)).to.not.match(/ann|lee/i);
    expect(await ann()).to.deep.equal({
      customerId: annId,
      email: 'ann.lee@example.com',
      emailSources: { card: 1 },
      name: 'Ann Lee',
      locale: 'es-MX',
      group: 'outreach',
      transactions: 1,
      spend: { EUR: 890 },
      firstTransactionAt: now - 5 * minute,
      lastTransactionAt: now - 5 * minute,
      transactionsBySource: { 'smart-fridge': 1 },
      latestTransaction: {
        occurredAt: now - 5 * minute,
        source: 'smart-fridge',
        location: { id: 'fridge-12', name: 'Central Station', zone: 'north', timeZone: 'Europe/Madrid' },
        items: [{ sku: 'QB-1', name: 'Quinoa Bowl', category: 'bowls', quantity: 1, unitPrice: 890 }],
      },
    });
  });

  it('changes nothing when the same purchase is delivered again, in another notation', async () => {
    await record(publishedMessage(transactionMessage()));
    const before = await ann();
    test.meter.take();
    await record(
      publishedMessage({ extra: 1, ...transactionMessage({ occurredAt: '2026-05-01T11:55:00.000Z' }) }),
    );
    expect(test.meter.take()).to.deep.equal({
      rpcs: { Commit: 1, BatchGetDocuments: 1 },
      reads: 1,
      writes: 2,
    });
    expect(recorded.events()).to.deep.equal(['transaction-recorded', 'transaction-duplicate']);
    expect(await ann()).to.deep.equal(before);
  });

  it('takes a purchase for the same under other rules about what is fit to be kept', async () => {
    const underOldRules = transactionMessage({
      customer: { email: 'ann.lee@example.com', emailSource: 'card' },
    });
    await record(publishedMessage(underOldRules));
    const underNewRules = { ...underOldRules, items: [], location: undefined };
    await record(publishedMessage(underNewRules));
    await record(publishedMessage(transactionMessage({ customer: { email: 'bob@example.com' } })));
    expect(recorded.lines.map(({ reason, event }) => reason ?? event)).to.deep.equal([
      'transaction-recorded',
      'transaction-duplicate',
      'conflicting-duplicate',
    ]);
  });

  it('records a purchase without what is unfit in it, and logs where that was', async () => {
    const items = [{ sku: 'QB-1', name: '', quantity: 1, unitPrice: 890 }];
    await record(publishedMessage(transactionMessage({ items })));
    expect(recorded.lines[0]).to.deep.include({
      event: 'transaction-recorded',
      leftOut: 1,
      leftOutParts: ['items[0].name'],
    });
    expect((await ann()).latestTransaction?.items).to.deep.equal([
      { sku: 'QB-1', quantity: 1, unitPrice: 890 },
    ]);
  });

  it('records what points of sale sell: by weight, for nothing, and 500 lines at once', async () => {
    const cheese = { sku: 'CH', name: 'Cheese', quantity: 0.342, unitPrice: 2490 };
    await record(publishedMessage(transactionMessage({ transactionId: 'weighed', items: [cheese] })));
    await record(
      publishedMessage(transactionMessage({ transactionId: 'free', total: { amount: 0, currency: 'EUR' } })),
    );
    const items = Array.from({ length: 500 }, () => ({
      ...cheese,
      name: 'x'.repeat(200),
      category: '🧀'.repeat(64),
    }));
    await record(publishedMessage(transactionMessage({ transactionId: 'long', items })));
    expect(recorded.lines.map(({ event, leftOut }) => [event, leftOut])).to.deep.equal(
      Array.from({ length: 3 }, () => ['transaction-recorded', undefined]),
    );
    expect(await ann()).to.deep.include({ transactions: 3, spend: { EUR: 1780 } });
  });

  const refunded = { total: { amount: -890, currency: 'EUR' } };
  const reversed: [what: string, changes: Record<string, unknown>, reason: string][] = [
    ['a refund', { transactionId: 'refund-1', type: 'refund' }, 'refund'],
    ['a refund that is only a total below zero', { transactionId: 'refund-1', ...refunded }, 'refund'],
    [
      'a refund with negative lines',
      { ...refunded, items: [{ sku: 'QB-1', name: 'Quinoa Bowl', quantity: -1, unitPrice: 890 }] },
      'refund',
    ],
    ['a void under the ID of its purchase', { type: 'void' }, 'void'],
    ['a void with a total of zero', { type: 'void', total: { amount: 0, currency: 'EUR' } }, 'void'],
  ];
  for (const [what, changes, reason] of reversed) {
    it(`ignores ${what}, before and after its purchase, and calls the database for neither`, async () => {
      const reversal = publishedMessage(
        transactionMessage({ occurredAt: '2026-05-01T13:59:00+02:00', ...changes }),
      );
      const purchase = publishedMessage(transactionMessage());
      await record(reversal);
      expect(test.meter.take()).to.deep.equal({ rpcs: {}, reads: 0, writes: 0 });
      await record(purchase);
      const before = await ann();
      test.meter.take();
      await record(reversal);
      expect(test.meter.take()).to.deep.equal({ rpcs: {}, reads: 0, writes: 0 });
      expect(await ann()).to.deep.equal(before);
      expect(recorded.lines.map((line) => line['reason'] ?? line['event'])).to.deep.equal([
        reason,
        'transaction-recorded',
        reason,
      ]);
      expect(await documentsOf('quarantine')).to.be.empty;
    });
  }

  it('quarantines a different purchase under the same ID', async () => {
    await record(publishedMessage(transactionMessage()));
    const before = await ann();
    const other = publishedMessage(transactionMessage({ total: { amount: 1, currency: 'EUR' } }));
    await record(other);
    expect(await ann()).to.deep.equal(before);
    const [kept] = await documentsOf('quarantine');
    expect(kept).to.include({
      reason: 'conflicting-duplicate',
      topic: 'transactions',
      messageId: other.messageId,
    });
    expect(kept?.['data']).to.deep.equal(other.data);
    expect(kept?.['attributes']).to.deep.equal([{ name: 'vendor', value: 'acme' }]);
  });

  it('quarantines a message it cannot decode once, however often it is delivered', async () => {
    const bad = publishedMessage(Buffer.from('{"transactionId":'));
    await record(bad);
    await record(bad);
    expect(await documentsOf('quarantine')).to.have.length(1);
    expect(await documentsOf('transactions')).to.have.length(0);
    expect(recorded.lines[0]).to.include({ event: 'message-quarantined', reason: 'invalid-json' });
  });

  it('keeps the beginning of a message that is too large to quarantine', async () => {
    await record(publishedMessage(Buffer.alloc(3_000_000, 'x')));
    const [kept] = await documentsOf('quarantine');
    expect(kept).to.include({ truncated: true });
    expect((kept?.['data'] as Buffer).length).to.be.within(999_000, 1_000_000);
  });

  it('takes one write for a purchase without an address, and stores no customer', async () => {
    await record(publishedMessage(transactionMessage({ customer: { name: 'Ann Lee' } })));
    expect(test.meter.take()).to.deep.equal({ rpcs: { Commit: 1 }, reads: 0, writes: 1 });
    expect(await documentsOf('transactions')).to.have.nested.property('[0].customerId', null);
    expect(await documentsOf('customers')).to.have.length(0);
  });

  it('replaces the last purchase completely', async () => {
    await record(publishedMessage(transactionMessage()));
    await record(
      publishedMessage(transactionMessage({ transactionId: 'sale-2', location: { id: 'app' }, items: [] })),
    );
    expect((await ann()).latestTransaction).to.deep.include({ location: { id: 'app' }, items: [] });
    await record(publishedMessage(transactionMessage({ transactionId: 'sale-3', location: undefined })));
    expect((await ann()).latestTransaction).to.not.have.property('location');
  });

  it('accepts any ID that a vendor gives a fridge', async () => {
    const ids = ['__id__', '__proto__', 'a.b/c', '`', '🥗', 'at at'];
    for (const id of ids) {
      await record(publishedMessage(transactionMessage({ transactionId: id, location: { id } })));
    }
    const stored = await documentsOf('transactions');
    expect(stored.map(({ location }) => (location as { id: string }).id)).to.have.members(ids);
  });

  it('does not let a customer grow with the number of places where one address buys', async () => {
    const sizeAfter = async (id: string) => {
      await record(publishedMessage(transactionMessage({ transactionId: id, location: { id } })));
      return JSON.stringify(await ann()).length;
    };
    const size = await sizeAfter('fridge-10');
    for (let fridge = 11; fridge < 30; fridge += 1) {
      expect(await sizeAfter(`fridge-${fridge}`)).to.be.at.most(size + 10);
    }
  });

  it('fails when the store cannot be reached, so that Pub/Sub delivers again', async () => {
    const recordTransaction = createRecordTransaction({
      transactions: { record: () => Promise.reject(new Error('down')) },
      quarantineMessage: () => Promise.reject(new Error('must not be called')),
      policy: { hashKey, controlGroupShare: 0, transactionRetention: day },
      clock: () => now,
      log: recorded.log,
    });
    const attempt = recordTransaction(transaction(), publishedMessage(transactionMessage()));
    expect(await attempt.catch((error: unknown) => error))
      .to.be.an('error')
      .with.property('message', 'down');
    expect(recorded.events()).to.deep.equal([]);
  });

  it('ends in the same customer for any order, duplication and concurrency', async function () {
    this.timeout(120_000);
    const purchase = fc.record({
      transactionId: fc.constantFrom('a', 'b', 'c', 'd', 'e', 'f'),
      source: fc.constantFrom('smart-fridge', 'mobile-app'),
      minutesAgo: fc.integer({ min: 0, max: 10_000 }),
      amount: fc.integer({ min: 0, max: 5_000 }),
      currency: fc.constantFrom('EUR', 'USD', 'JPY'),
      fridge: fc.constantFrom('fridge-1', 'fridge-2', undefined),
    });
    const purchases = fc.uniqueArray(purchase, {
      minLength: 1,
      maxLength: 6,
      selector: ({ source, transactionId }) => `${source} ${transactionId}`,
    });
    const deliveries = purchases.chain((each) =>
      fc.tuple(
        fc.constant(each),
        fc.shuffledSubarray([...each, ...each, ...each], { minLength: each.length }),
      ),
    );
    await fc.assert(
      fc.asyncProperty(deliveries, fc.integer({ min: 1, max: 8 }), async ([inOrder, shuffled], inFlight) => {
        const expected = await outcomeOf(inOrder, 1);
        expect(await outcomeOf([...inOrder, ...shuffled], inFlight)).to.deep.equal(expected);
        expect(await outcomeOf([...shuffled.toReversed(), ...inOrder.toReversed()], 1)).to.deep.equal(
          expected,
        );
      }),
      { numRuns: 25 },
    );
  });

  type Purchase = {
    transactionId: string;
    source: string;
    minutesAgo: number;
    amount: number;
    currency: string;
    fridge: string | undefined;
  };

  /** The customer after these deliveries, without the field that holds the last purchase received. */
  async function outcomeOf(deliveries: readonly Purchase[], inFlight: number): Promise<unknown> {
    const fresh = await emptyFirestore();
    try {
      const pending = deliveries.map(messageOf);
      await Promise.all(
        Array.from({ length: inFlight }, async () => {
          for (let next = pending.shift(); next !== undefined; next = pending.shift()) {
            await record(next, fresh);
          }
        }),
      );
      const { latestTransaction, ...independent } = await ann(fresh);
      expect(latestTransaction).to.not.equal(undefined);
      return independent;
    } finally {
      await fresh.close();
    }
  }

  function messageOf({
    transactionId,
    source,
    minutesAgo,
    amount,
    currency,
    fridge,
  }: Purchase): PublishedMessage {
    return publishedMessage(
      transactionMessage({
        transactionId,
        source,
        occurredAt: new Date(now - minutesAgo * minute).toISOString(),
        location: fridge && { id: fridge },
        total: { amount, currency },
      }),
    );
  }
});
