import type { DocumentData } from '@google-cloud/firestore';
import { expect } from 'chai';
import { firestoreCustomers } from '../../functions/src/adapters/firestore/customers.ts';
import { firestoreSubscriptions } from '../../functions/src/adapters/firestore/subscriptions.ts';
import type { OutgoingEmail } from '../../functions/src/ports.ts';
import type { Choice } from '../../functions/src/domain/subscription.ts';
import { createSummarizeSubscription, createUnsubscribe } from '../../functions/src/usecases/unsubscribe.ts';
import { customer } from '../support/customers.ts';
import { firestoreForEachTest } from '../support/emulators.ts';
import { logForEachTest } from '../support/log.ts';
import {
  accepted,
  resumeOpenEmailsFrom,
  sendingParts,
  targetCustomerFrom,
  type SendingParts,
} from '../support/sending.ts';
import { day, hour, now } from '../support/transactions.ts';

const { customerId } = customer();
const emailId = `${customerId}~1`;

describe('unsubscribing', () => {
  const test = firestoreForEachTest();
  const recorded = logForEachTest();
  let sent: string[];

  beforeEach(() => {
    sent = [];
  });

  function parts(time = now) {
    return {
      subscriptions: firestoreSubscriptions(test.firestore),
      customers: firestoreCustomers(test.firestore),
      clock: () => time,
      log: recorded.log,
    };
  }

  /** The dependencies of sending: Analytics has no content, and SendGrid accepts every email. */
  function sending(time = now, whileAnalyticsIsAsked?: () => Promise<void>): SendingParts {
    const ask = async () => {
      await whileAnalyticsIsAsked?.();
      return undefined;
    };
    const send = async (email: OutgoingEmail) => {
      sent.push(email.emailId);
      return accepted;
    };
    return {
      ...sendingParts(test.firestore, recorded.log, { send }),
      analytics: { ask },
      clock: () => time,
    };
  }

  const choose = (choice: Choice, time = now, how: 'one-click' | 'page' = 'page') =>
    createUnsubscribe(parts(time))(emailId, { choice, how });
  const summary = (time = now, id = emailId) => createSummarizeSubscription(parts(time))(id);
  const document = async (path: string): Promise<DocumentData | undefined> =>
    (await test.firestore.doc(path).get()).data();
  const outreach = () => document(`outreach/${customerId}`);
  const buys = (from = sending()) => targetCustomerFrom(from)({ before: undefined, after: customer() });

  it('takes two blind writes, and marks the email that led to it', async () => {
    await test.firestore.doc(`emails/${emailId}`).set({ status: 'accepted' });
    test.meter.take();
    await choose('stop', now, 'one-click');
    expect(test.meter.take()).to.deep.equal({ rpcs: { Commit: 2 }, reads: 0, writes: 2 });
    expect(await outreach()).to.deep.equal({ suppressions: { unsubscribed: now } });
    expect(await document(`emails/${emailId}`)).to.deep.equal({ status: 'accepted', unsubscribedAt: now });
    expect(recorded.lines).to.have.length(1);
    expect(recorded.lines[0]).to.include({
      event: 'unsubscribed',
      customerId,
      emailId,
      choice: 'stop',
      how: 'one-click',
    });
  });

  it('changes nothing when it is repeated: the first time counts', async () => {
    await test.firestore.doc(`emails/${emailId}`).set({});
    await choose('stop');
    await choose('stop', now + day);
    expect(await outreach()).to.deep.equal({ suppressions: { unsubscribed: now } });
    expect(await document(`emails/${emailId}`)).to.deep.equal({ unsubscribedAt: now });
    await choose('undo');
    await choose('pause');
    const paused = await outreach();
    await choose('pause', now + hour);
    expect(await outreach()).to.deep.equal(paused);
  });

  it('works for an erased customer, and stores nothing but the suppression', async () => {
    await choose('stop');
    expect(await outreach()).to.deep.equal({ suppressions: { unsubscribed: now } });
    expect(await document(`emails/${emailId}`)).to.equal(undefined);
    expect(await document(`customers/${customerId}`)).to.equal(undefined);
    const { maskedAddress, subscription } = await summary();
    expect(maskedAddress).to.equal(undefined);
    expect(subscription).to.deep.equal({ state: 'stopped', mayUndo: true });
  });

  it('stores nothing for an undo without an earlier choice', async () => {
    await choose('undo');
    expect(await outreach()).to.equal(undefined);
  });

  it('leaves the rest of the outreach unchanged', async () => {
    const before = { emailsSent: 1, lastClaimedAt: now - day, lastEmailId: emailId, transactionsAnswered: 1 };
    await test.firestore
      .doc(`outreach/${customerId}`)
      .set({ ...before, suppressions: { bounced: now - day } });
    await choose('stop');
    await choose('pause');
    expect(await outreach()).to.deep.include({
      ...before,
      suppressions: { bounced: now - day, unsubscribed: now },
    });
    await choose('undo');
    expect(await outreach()).to.deep.equal({ ...before, suppressions: { bounced: now - day } });
  });

  it('takes two reads and no write to summarize a subscription', async () => {
    await test.firestore
      .doc(`customers/${customerId}`)
      .set({ email: 'ann.lee@example.com', locale: 'es-MX' });
    test.meter.take();
    expect(await summary()).to.deep.include({
      subscription: { state: 'subscribed' },
      maskedAddress: 'a•••@e•••.com',
      locale: 'es-MX',
    });
    expect(test.meter.take()).to.deep.equal({ rpcs: { BatchGetDocuments: 2 }, reads: 2, writes: 0 });
    expect(await outreach()).to.equal(undefined);
    expect(recorded.lines).to.deep.equal([]);
  });

  it('ends with the first time when many requests arrive at once', async () => {
    await Promise.all(Array.from({ length: 20 }, (_, index) => choose('stop', now + index)));
    expect(await outreach()).to.deep.equal({ suppressions: { unsubscribed: now } });
  });

  describe('means that', () => {
    it('the next purchase earns no email', async () => {
      await choose('stop');
      await buys();
      expect(sent).to.deep.equal([]);
      expect(recorded.lines.at(-1)).to.include({ event: 'outreach-skipped', reason: 'suppressed' });
    });

    it('purchases during a pause earn no email, and purchases after it do', async () => {
      await choose('pause');
      await buys();
      expect(recorded.lines.at(-1)).to.include({ event: 'outreach-skipped', reason: 'suppressed' });
      const later = now + 93 * day;
      const after = customer({ transactions: 2, lastTransactionAt: later });
      await targetCustomerFrom(sending(later))({ before: customer(), after });
      expect(sent).to.deep.equal([emailId]);
    });

    it('purchases after an undo earn an email', async () => {
      await choose('stop');
      await choose('undo');
      await buys();
      expect(sent).to.deep.equal([emailId]);
    });

    it('no email is claimed on the basis of an older read', async () => {
      const { ledger, ...rest } = sending();
      const claim: typeof ledger.claim = async (email, basedOn) => {
        await choose('stop');
        return ledger.claim(email, basedOn);
      };
      await buys({ ...rest, ledger: { ...ledger, claim } });
      expect(sent).to.deep.equal([]);
      expect(recorded.lines.at(-1)).to.include({ reason: 'suppressed' });
    });

    for (const choice of ['stop', 'pause'] as const) {
      it(`an email that was claimed and deferred before is not sent (${choice})`, async () => {
        const mailer = { send: async () => ({ kind: 'not-accepted', reason: 'status 503' }) as const };
        await buys({ ...sending(), mailer });
        await test.firestore.doc(`customers/${customerId}`).set({ email: 'ann.lee@example.com' });
        await choose(choice);
        const resuming = { ...sending(now + hour), customers: firestoreCustomers(test.firestore) };
        await resumeOpenEmailsFrom(resuming)();
        expect(sent).to.deep.equal([]);
        expect(await document(`emails/${emailId}`)).to.include({ status: 'rejected', reason: 'suppressed' });
      });
    }

    it('an email that is claimed and waits for Analytics is still sent, and the next is not', async () => {
      await buys(sending(now, () => choose('stop')));
      expect(sent).to.deep.equal([emailId]);
      const next = customer({ transactions: 2, lastTransactionAt: now + 8 * day });
      await targetCustomerFrom(sending(now + 8 * day))({ before: customer(), after: next });
      expect(sent).to.deep.equal([emailId]);
    });
  });
});
