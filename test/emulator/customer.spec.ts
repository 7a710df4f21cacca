import type { DocumentData } from '@google-cloud/firestore';
import { expect } from 'chai';
import { firestoreOutreachLedger } from '../../functions/src/adapters/firestore/outreach-ledger.ts';
import { firestoreQuarantine } from '../../functions/src/adapters/firestore/quarantine.ts';
import { firestoreTransactions } from '../../functions/src/adapters/firestore/transactions.ts';
import { decide } from '../../functions/src/domain/outreach.ts';
import { subscriptionOf } from '../../functions/src/domain/subscription.ts';
import { transactionRecord } from '../../functions/src/domain/transaction-record.ts';
import { erase, toErase } from '../../operations/customer/erase.ts';
import { findHashKey, personOf } from '../../operations/customer/person.ts';
import { isKnown, snapshotOf, readState } from '../../operations/customer/snapshot.ts';
import { isEmpty, recordsOf } from '../../operations/customer/records.ts';
import { snapshotText } from '../../operations/customer/text.ts';
import { LOCAL_HASH_KEY } from '../../operations/target/local-stack.ts';
import { firestoreForEachTest } from '../support/emulators.ts';
import { publishedMessage } from '../support/messages.ts';
import { day, hour, now, transaction } from '../support/transactions.ts';

const ann = personOf('ann.lee@example.com', LOCAL_HASH_KEY);
const bob = personOf('bob@example.com', LOCAL_HASH_KEY);
const policy = { hashKey: LOCAL_HASH_KEY, controlGroupShare: 0, transactionRetention: 730 * day };

describe('the data of one customer', () => {
  const test = firestoreForEachTest();

  beforeEach(async function () {
    this.timeout(60_000);
    for (const transactionId of ['1', '2']) await buys(ann.email, transactionId);
    await buys(bob.email, '3');
    await isMailed(ann.customerId);
    await isMailed(bob.customerId);
    await isQuarantined(`{"email": "Ann.Lee@example.com", torn`);
    await isQuarantined({ customer: { email: 'joann.lee@example.com' } });
  });

  it('is known from the quarantine alone, to every command alike', async () => {
    const erin = personOf('erin@example.com', LOCAL_HASH_KEY);
    expect(isKnown(await snapshotOf(test.firestore, erin))).to.equal(false);
    expect(isEmpty(await recordsOf(test.firestore, erin))).to.equal(true);
    await isQuarantined(Buffer.from(JSON.stringify({ customer: { email: erin.email } }), 'utf16le'));
    const snapshot = await snapshotOf(test.firestore, erin);
    expect(isKnown(snapshot)).to.equal(true);
    expect(snapshotText(snapshot)).to.match(/In quarantine +1 message$/mu);
    expect((await recordsOf(test.firestore, erin)).quarantine).to.have.lengthOf(1);
    expect(toErase(snapshot)).to.deep.equal(await erase(test.firestore, erin, now));
  });

  const buys = (email: string, transactionId: string) =>
    firestoreTransactions(test.firestore).record(
      transactionRecord(
        transaction({ transactionId, buyer: { email, emailSource: 'checkout', name: 'A. Buyer' } }),
        policy,
        now,
      ),
    );
  const isMailed = async (customerId: string) => {
    const claimed = { customerId, sequence: 1, status: 'accepted', claimedAt: now - hour };
    await test.firestore.doc(`emails/${customerId}~1`).set({ ...claimed, template: 'join', acceptedAt: now });
    await test.firestore.doc(`outreach/${customerId}`).set({
      emailsSent: 1,
      lastClaimedAt: now - hour,
      lastEmailId: `${customerId}~1`,
      transactionsAnswered: 1,
      suppressions: { bounced: now },
    });
  };
  const isQuarantined = (content: unknown) =>
    firestoreQuarantine(test.firestore, 90 * day, () => now).keep(
      publishedMessage(typeof content === 'string' ? Buffer.from(content) : content),
      { reason: 'invalid-json', details: [] },
    );
  /** The whole database, by path. */
  const stored = async (): Promise<Record<string, DocumentData>> => {
    const collections = await test.firestore.listCollections();
    const found = await Promise.all(collections.map((collection) => collection.get()));
    return Object.fromEntries(found.flatMap(({ docs }) => docs.map((each) => [each.ref.path, each.data()])));
  };

  it('is shown', async () => {
    const words = snapshotText(await snapshotOf(test.firestore, ann));
    for (const row of [
      /Pseudonym +[\da-f]{32}$/mu,
      /Address +ann\.lee@example\.com$/mu,
      /Purchases +2$/mu,
      /spent +€17\.80$/mu,
      /made at +fridge-12 \(2\)$/mu,
      /Suppressed +bounced, since 2026-05-01 12:00 UTC$/mu,
      /Email 1 +accepted, join .*accepted 2026-05-01 12:00 UTC$/mu,
    ]) {
      expect(words).to.match(row);
    }
  });

  it('is shown as unknown when there is nothing', async () => {
    const unknown = personOf('unknown@example.com', LOCAL_HASH_KEY);
    const { customer, outreach, ...rest } = await snapshotOf(test.firestore, unknown);
    expect([customer, outreach]).to.deep.equal([undefined, undefined]);
    expect(rest).to.deep.equal({
      customerId: unknown.customerId,
      emails: [],
      transactions: 0,
      transactionsByPlace: {},
      quarantined: 0,
    });
  });

  it('is exported without data of other customers', async () => {
    const records = await recordsOf(test.firestore, ann);
    expect(records.customer).to.include({ email: 'ann.lee@example.com', transactions: 2 });
    expect(records.outreach).to.include({ emailsSent: 1 });
    expect(records.transactions.map(({ transactionId }) => transactionId as string)).to.have.members([
      '1',
      '2',
    ]);
    expect(records.emails).to.have.lengthOf(1);
    expect(records.quarantine.map(({ data }) => data as string)).to.deep.equal([
      '{"email": "Ann.Lee@example.com", torn',
    ]);
    expect(records.quarantine[0]).to.have.property('receivedAt', '2026-05-01T12:00:00.000Z');
    expect(JSON.stringify(records)).not.to.match(/bob|joann/u);
  });

  describe('once erased', () => {
    it('is gone, except for anonymous transactions and a suppression', async () => {
      const before = await stored();
      const counted = toErase(await snapshotOf(test.firestore, ann));
      expect(counted).to.deep.equal({ customers: 1, quarantined: 1, emails: 1, transactions: 2 });
      expect(await erase(test.firestore, ann, now)).to.deep.equal(counted);

      const after = await stored();
      expect(after[`outreach/${ann.customerId}`]).to.deep.equal({ suppressions: { erased: now } });
      const { [`outreach/${ann.customerId}`]: _, ...others } = after;
      expect(JSON.stringify(others)).not.to.match(
        new RegExp(`ann\\.lee@example\\.com"|${ann.customerId}`, 'iu'),
      );
      const anonymous = Object.values(after).filter(({ customerId }) => customerId === null);
      expect(anonymous.map(({ total }) => total as unknown)).to.deep.equal([
        { amount: 890, currency: 'EUR' },
        { amount: 890, currency: 'EUR' },
      ]);
      for (const path of [
        `customers/${bob.customerId}`,
        `outreach/${bob.customerId}`,
        `emails/${bob.customerId}~1`,
      ]) {
        expect(after[path]).to.deep.equal(before[path]);
      }
    });

    it('gets no email for a new purchase, and can be erased again', async () => {
      await erase(test.firestore, ann, now);
      await buys(ann.email, 'later');
      const { customer, outreach } = await readState(test.firestore, ann);
      if (customer === undefined) throw new Error('The purchase made no customer.');
      const sending = { cooldown: 7 * day, maxEmails: 4, maxTransactionAge: 48 * hour };
      expect(decide(customer, outreach, sending, now)).to.deep.equal({
        action: 'skip',
        reason: 'suppressed',
      });
      expect(subscriptionOf(outreach, now)).to.deep.equal({ state: 'stopped', mayUndo: false });

      const again = await erase(test.firestore, ann, now + day);
      expect(again).to.deep.equal({ customers: 1, quarantined: 0, emails: 0, transactions: 1 });
      expect((await readState(test.firestore, ann)).outreach?.suppressions).to.deep.equal({ erased: now });
    });

    it('leaves no email that resumeEmails would find and give up while the quarantine is searched', async () => {
      await test.firestore.doc('quarantine/0').set({ receivedAt: now });
      await test.firestore.doc(`emails/${ann.customerId}~1`).update({ status: 'deferred', dueAt: now });
      expect(await erase(test.firestore, ann, now).catch((error: unknown) => error)).to.be.an('error');
      expect(await firestoreOutreachLedger(test.firestore, 0).dueEmails(now, 10)).to.deep.equal([]);
    });

    it('stays erased after another erasure', async () => {
      await erase(test.firestore, ann, now);
      const once = await stored();
      const nothing = { customers: 0, quarantined: 0, emails: 0, transactions: 0 };
      expect(await erase(test.firestore, ann, now + day)).to.deep.equal(nothing);
      expect(await stored()).to.deep.equal(once);
    });

    it('is completely gone even if a first attempt failed midway', async () => {
      // The first in the order of the IDs, which are hexadecimal.
      const unreadable = test.firestore.doc('quarantine/0');
      await unreadable.set({ receivedAt: now });
      expect(await erase(test.firestore, ann, now).catch((error: unknown) => error)).to.be.an('error');
      await unreadable.delete();

      const rest = { customers: 0, quarantined: 1, emails: 0, transactions: 2 };
      expect(await erase(test.firestore, ann, now + day)).to.deep.equal(rest);
      const nothing = { customers: 0, quarantined: 0, emails: 0, transactions: 0 };
      expect(toErase(await snapshotOf(test.firestore, ann))).to.deep.equal(nothing);
      expect((await readState(test.firestore, ann)).outreach?.suppressions).to.deep.equal({ erased: now });
    });

    it('leaves an earlier message recognised as a duplicate', async () => {
      await erase(test.firestore, ann, now);
      expect(await buys(ann.email, '1')).to.equal('duplicate');
      expect((await readState(test.firestore, ann)).customer).to.equal(undefined);
    });
  });

  describe('the key of the pseudonyms', () => {
    const cloud = { project: 'farmacy', description: 'project farmacy in the cloud' };
    const emulator = { ...cloud, emulator: 'localhost:8080', description: 'the emulator' };
    const failure = (target: typeof cloud, env: Record<string, string>) =>
      findHashKey({ firestore: test.firestore, target }, env).catch((error: unknown) => error);

    it('is known on the emulator', async () => {
      expect(await findHashKey({ firestore: test.firestore, target: emulator }, {})).to.equal(LOCAL_HASH_KEY);
    });
    it('must be given for the cloud', async () => {
      expect(await failure(cloud, {}))
        .to.be.an('error')
        .with.property('message')
        .that.matches(/set HASH_KEY/u);
      expect(await failure(cloud, { HASH_KEY: LOCAL_HASH_KEY })).to.equal(LOCAL_HASH_KEY);
    });
    it('is refused when the stored pseudonyms have another key, so that no erasure misses its customer', async () => {
      const error = await failure(cloud, { HASH_KEY: 'another key that is long enough to be one' });
      expect(error)
        .to.be.an('error')
        .with.property('message')
        .that.matches(/not the key of the pseudonyms/u);
    });
  });
});
