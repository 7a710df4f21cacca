import { Timestamp } from '@google-cloud/firestore';
import type { CloudEvent } from '@google-cloud/functions-framework';
import { expect } from 'chai';
import fc from 'fast-check';
import {
  attributesFrom,
  firestoreQuarantine,
  type StoredAttribute,
} from '../../functions/src/adapters/firestore/quarantine.ts';
import type { DeadLetter } from '../../functions/src/domain/quarantine.ts';
import { firestoreTransactions } from '../../functions/src/adapters/firestore/transactions.ts';
import { quarantineIdOf } from '../../functions/src/domain/identity.ts';
import type { PublishedMessage } from '../../functions/src/domain/published-message.ts';
import { transactionRecord } from '../../functions/src/domain/transaction-record.ts';
import { PermanentError } from '../../functions/src/errors.ts';
import { decodePublishedMessage } from '../../functions/src/framework/cloud-event.ts';
import { handleMessage } from '../../functions/src/framework/on-message.ts';
import { decodeDeadLetter } from '../../functions/src/messages/dead-letter.ts';
import { createQuarantineMessage } from '../../functions/src/usecases/quarantine-message.ts';
import { firestoreForEachTest } from '../support/emulators.ts';
import { logForEachTest } from '../support/log.ts';
import { publishedMessage } from '../support/messages.ts';
import { engagementRecorder, transactionRecorder } from '../support/recording.ts';
import { day, now, transaction, transactionMessage } from '../support/transactions.ts';

const hashKey = 'a key of the tests, long enough to be one';

/** What a vendor can choose freely, and what has a meaning in Firestore. */
const anyName = fc.oneof(
  fc.constantFrom(
    '',
    '__id__',
    '__proto__',
    '__x__',
    '.',
    '..',
    'a.b',
    '`',
    'constructor',
    '\0',
    'x'.repeat(1500),
  ),
  fc.string({ unit: 'grapheme', maxLength: 256 }),
);
const anyTime = fc.oneof(
  fc.constantFrom(
    '0000-01-01T00:00:00Z',
    '0001-01-01T00:00:00Z',
    '1970-01-01T00:00:00Z',
    '9999-12-31T23:59:60Z',
  ),
  fc
    .date({
      min: new Date('0000-01-01T00:00:00Z'),
      max: new Date('9999-12-31T00:00:00Z'),
      noInvalidDate: true,
    })
    .map((date) => date.toISOString()),
);
const anyAttributes = fc
  .array(fc.tuple(anyName, fc.string({ unit: 'grapheme', maxLength: 1024 })), { maxLength: 100 })
  .map((entries) => Object.fromEntries(entries) as Record<string, string>);

describe('whatever is published', function () {
  this.timeout(120_000);
  const test = firestoreForEachTest();
  const recorded = logForEachTest();

  const inQuarantine = async ({ topic, messageId }: PublishedMessage) =>
    (await test.firestore.doc(`quarantine/${quarantineIdOf(topic, messageId)}`).get()).data();

  /** A delivery of Pub/Sub to a function. */
  function delivered(data: Buffer, attributes: Record<string, string>): PublishedMessage {
    const { messageId } = publishedMessage(data);
    const message = { messageId, data: data.toString('base64'), attributes };
    const event = { data: { message } } as CloudEvent<unknown>;
    return decodePublishedMessage('transactions', event);
  }

  it('as a purchase is recorded or quarantined at once, with all its attributes', async () => {
    const recordTransaction = transactionRecorder(test.firestore, recorded.log, hashKey);
    const purchase = fc.record({
      id: anyName,
      place: anyName,
      sku: anyName,
      zone: anyName,
      occurredAt: anyTime,
    });
    await fc.assert(
      fc.asyncProperty(purchase, anyAttributes, async ({ id, place, sku, zone, occurredAt }, attributes) => {
        recorded.lines.splice(0);
        const content = transactionMessage({
          transactionId: id,
          occurredAt,
          location: { id: place, zone },
          items: [{ sku, name: sku, quantity: 1, unitPrice: 1 }],
        });
        const message = delivered(Buffer.from(JSON.stringify(content)), attributes);
        await recordTransaction(message);
        const [event] = recorded.events();
        expect(event).to.be.oneOf(['transaction-recorded', 'transaction-duplicate', 'message-quarantined']);
        if (event !== 'message-quarantined') return;
        const kept = await inQuarantine(message);
        expect(attributesFrom(kept?.['attributes'] as StoredAttribute[])).to.deep.equal(attributes);
      }),
      { numRuns: 100 },
    );
  });

  it('as an engagement is recorded or quarantined at once', async () => {
    const recordEngagement = engagementRecorder(test.firestore, recorded.log, hashKey);
    await fc.assert(
      fc.asyncProperty(anyName, anyTime, anyAttributes, async (eventId, occurredAt, attributes) => {
        recorded.lines.splice(0);
        const content = {
          eventId,
          type: 'resource-viewed',
          occurredAt,
          customer: { email: 'ann@example.com' },
        };
        await recordEngagement(delivered(Buffer.from(JSON.stringify(content)), attributes));
        expect(recorded.events()[0]).to.be.oneOf(['engagement-recorded', 'message-quarantined']);
      }),
      { numRuns: 50 },
    );
  });

  it('and dead-lettered is quarantined, as large as Pub/Sub takes it, with as many attributes', async () => {
    const quarantineMessage = createQuarantineMessage({
      quarantine: firestoreQuarantine(test.firestore, 90 * day, () => now, 'transactions'),
      log: recorded.log,
    });
    const useCase = ({ message, fault }: DeadLetter) => quarantineMessage(message, fault);
    const attributes = Object.fromEntries(
      Array.from({ length: 105 }, (_, n) => [`${n}`.padEnd(256, 'n'), 'v'.repeat(1024)]),
    );
    for (const size of [0, 850_000, 900_000, 1_000_000, 1_048_576, 9_000_000]) {
      const message = delivered(Buffer.alloc(size, 'x'), attributes);
      await handleMessage(message, decodeDeadLetter(message), { useCase, quarantineMessage });
      const kept = await inQuarantine(message);
      expect(kept).to.include({ size, truncated: size > 860_000 });
      expect(kept?.['attributes']).to.have.length(105);
    }
  });

  it('and cannot be stored is quarantined by name, and not delivered again', async () => {
    const quarantineMessage = createQuarantineMessage({
      quarantine: firestoreQuarantine(test.firestore, 90 * day, () => now),
      log: recorded.log,
    });
    const message = publishedMessage(transactionMessage());
    const useCase = () => Promise.reject(new PermanentError('too large'));
    await handleMessage(message, { value: 1 }, { useCase, quarantineMessage });
    expect(await inQuarantine(message)).to.include({ reason: 'unstorable' });
  });

  describe('that Firestore refuses for good', () => {
    const policy = { hashKey, controlGroupShare: 0, transactionRetention: day };
    const record = (changes: Parameters<typeof transaction>[0]) =>
      firestoreTransactions(test.firestore).record(transactionRecord(transaction(changes), policy, now));

    it('is told from a failure for now: a time that it cannot hold', async () => {
      const attempt = record({ occurredAt: Date.UTC(10_000, 0) });
      expect(await attempt.catch((error: unknown) => error)).to.be.instanceOf(PermanentError);
    });

    it('is told from a failure for now: a document that is too large', async () => {
      const item = { sku: 'A', name: 'x'.repeat(1_048_576), quantity: 1, unitPrice: 1 };
      const attempt = record({ items: [item] });
      expect(await attempt.catch((error: unknown) => error)).to.be.instanceOf(PermanentError);
    });

    it('is told from a failure for now: a customer that has grown too large', async () => {
      const { buyer } = transactionRecord(transaction(), policy, now);
      const customer = test.firestore.doc(`customers/${buyer?.customerId ?? ''}`);
      await customer.set({ name: 'x'.repeat(1_000_000), since: Timestamp.fromMillis(now) });
      const items = [{ sku: 'A', name: 'x'.repeat(60_000), quantity: 1, unitPrice: 1 }];
      const attempt = record({ buyer: { email: 'ann.lee@example.com', emailSource: 'card' }, items });
      expect(await attempt.catch((error: unknown) => error)).to.be.instanceOf(PermanentError);
    });
  });
});
