import type { DocumentData } from '@google-cloud/firestore';
import { expect } from 'chai';
import { firestoreCustomers } from '../../functions/src/adapters/firestore/customers.ts';
import { firestoreOutreachLedger } from '../../functions/src/adapters/firestore/outreach-ledger.ts';
import type { OpenEmail, SendOutcome } from '../../functions/src/domain/email.ts';
import type { OutgoingEmail } from '../../functions/src/ports.ts';
import type { Customer } from '../../functions/src/domain/customer.ts';
import { customer, openEmail, sendingPolicy } from '../support/customers.ts';
import { firestoreForEachTest } from '../support/emulators.ts';
import { logForEachTest } from '../support/log.ts';
import {
  accepted,
  resumeOpenEmailsFrom,
  sendFirstStepsFrom,
  sendingParts,
  type ResumingParts,
} from '../support/sending.ts';
import { day, hour, minute, now } from '../support/transactions.ts';

describe('resuming emails', () => {
  const test = firestoreForEachTest();
  const recorded = logForEachTest();
  let sent: string[];

  beforeEach(() => {
    sent = [];
  });

  function parts(changes: Partial<ResumingParts> = {}, outcome: SendOutcome = accepted): ResumingParts {
    const send = async ({ emailId }: OutgoingEmail) => {
      sent.push(emailId);
      return outcome;
    };
    return {
      ...sendingParts(test.firestore, recorded.log, { send }),
      customers: firestoreCustomers(test.firestore),
      batchSize: 10,
      concurrency: 3,
      chance: () => 1,
      ...changes,
    };
  }

  const resumeEmails = (from: ResumingParts) => resumeOpenEmailsFrom(from)();

  /** Stores an email that was deferred an hour ago and became due a minute ago, with its customer. */
  async function stored(changes: Partial<OpenEmail> = {}, id = 'c1'): Promise<string> {
    const { customerId, ...fields } = customer({ customerId: id, lastTransactionAt: now - 3 * day });
    await test.firestore.doc(`customers/${id}`).set(fields);
    const email = openEmail({ emailId: `${id}~1`, customerId: id, dueAt: now - minute, ...changes });
    await test.firestore.doc(`emails/${email.emailId}`).set(email);
    test.meter.take();
    return email.emailId;
  }
  const email = async (id = 'c1~1'): Promise<DocumentData | undefined> =>
    (await test.firestore.doc(`emails/${id}`).get()).data();

  it('takes three reads and two writes to send a deferred email', async () => {
    await stored();
    await resumeEmails(parts());
    expect(test.meter.take()).to.deep.equal({
      rpcs: { RunQuery: 1, BatchGetDocuments: 2, Commit: 2 },
      reads: 3,
      writes: 2,
    });
    expect(sent).to.deep.equal(['c1~1']);
    expect(await email()).to.include({
      status: 'accepted',
      acceptedAt: now,
      messageId: 'message-1',
      attempts: 2,
    });
    expect(await email()).to.not.have.any.keys('dueAt', 'reason');
    expect(recorded.events()).to.deep.equal(['email-accepted', 'emails-resumed']);
  });

  it('takes one query when no email is due', async () => {
    await stored({ dueAt: now + 1 });
    await resumeEmails(parts());
    expect(test.meter.take().rpcs).to.deep.equal({ RunQuery: 1 });
    expect(sent).to.deep.equal([]);
  });

  it('waits longer after every further failure', async () => {
    await stored({ attempts: 3 });
    await resumeEmails(parts({}, { kind: 'not-accepted', reason: 'status 503' }));
    expect(await email()).to.include({
      status: 'deferred',
      attempts: 4,
      dueAt: now + 40 * minute,
      reason: 'status 503',
    });
  });

  it('waits for the webhook after an interruption, and sends the email if the webhook stays silent', async () => {
    await stored({ status: 'claimed' });
    await resumeEmails(parts());
    expect(await email()).to.include({ status: 'unknown', reason: 'interrupted', dueAt: now - hour + day });
    await resumeEmails(parts({ clock: () => now + day }));
    expect(sent).to.deep.equal(['c1~1']);
    expect(await email()).to.include({ status: 'accepted', attempts: 2 });
  });

  it('counts an email as accepted when the webhook has reported it', async () => {
    await stored({ status: 'unknown', heardOfAt: now - hour });
    await resumeEmails(parts());
    expect(sent).to.deep.equal([]);
    expect(await email()).to.include({ status: 'accepted', acceptedAt: now - hour });
  });

  it('never sends an email again that SendGrid may have accepted, where there is no webhook', async () => {
    await stored({ status: 'unknown' });
    await resumeEmails(parts({ policy: { ...sendingPolicy, webhookConfigured: false } }));
    expect(sent).to.deep.equal([]);
    expect(await email()).to.include({ status: 'rejected', reason: 'outcome-unknown' });
  });

  it('decides again, and writes to the ledger why it does not send', async () => {
    await stored({}, 'c1');
    await test.firestore.doc('customers/c1').update({ signedUpAt: now - minute });
    await stored({}, 'c2');
    await test.firestore.doc('outreach/c2').set({ suppressions: { unsubscribed: now } });
    await stored({}, 'c3');
    await test.firestore.doc('customers/c3').delete();
    await resumeEmails(parts());
    expect(sent).to.deep.equal([]);
    expect(await email('c1~1')).to.include({ status: 'rejected', reason: 'signed-up' });
    expect(await email('c2~1')).to.include({ status: 'rejected', reason: 'suppressed' });
    expect(await email('c3~1')).to.include({ status: 'rejected', reason: 'no-email' });
  });

  it('sends each email once when many runs overlap', async () => {
    const ids = await Promise.all(Array.from({ length: 12 }, (_, index) => stored({}, `c${index}`)));
    await Promise.all(Array.from({ length: 5 }, () => resumeEmails(parts({ batchSize: 20 }))));
    expect(sent.toSorted()).to.deep.equal(ids.toSorted());
    expect(recorded.events()).to.not.include('email-not-resumed');
  });

  it('takes up the emails that have waited longest, and no more than a batch', async () => {
    await stored({ dueAt: now - minute }, 'late');
    await stored({ dueAt: now - 2 * hour }, 'later');
    await stored({ dueAt: now - hour }, 'between');
    await resumeEmails(parts({ batchSize: 2, concurrency: 1 }));
    expect(sent).to.deep.equal(['later~1', 'between~1']);
    expect(recorded.lines.at(-1)).to.include({ event: 'emails-resumed', count: 2, moreAreDue: true });
  });

  it('sends the others when one email fails', async () => {
    await stored({ dueAt: now - hour }, 'broken');
    await test.firestore.doc('customers/broken').set({ transactions: 'many' });
    await stored({}, 'fine');
    await resumeEmails(parts());
    expect(sent).to.deep.equal(['fine~1']);
    expect(recorded.events()).to.deep.equal(['email-not-resumed', 'email-accepted', 'emails-resumed']);
    expect(await email('broken~1')).to.include({ status: 'deferred', dueAt: now - hour });
  });

  it('does not send when the preparation took longer than the lease', async () => {
    await stored();
    let time = now;
    const analytics = {
      ask: () => {
        time += 10 * minute;
        return Promise.resolve(undefined);
      },
    };
    await resumeEmails(parts({ analytics, clock: () => time }));
    expect(sent).to.deep.equal([]);
    expect(recorded.events()).to.include('email-lease-lost');
    expect(await email()).to.include({ status: 'claimed', dueAt: now + 5 * minute });
  });

  describe('sends the first steps some days after a sign-up', () => {
    const run = (changes: Partial<ResumingParts> = {}) => sendFirstStepsFrom(parts(changes))();

    async function signedUp(id: string, outreach: DocumentData = {}, known: Partial<Customer> = {}) {
      const { customerId, ...fields } = customer({ customerId: id, signedUpAt: now - 3 * day, ...known });
      await test.firestore.doc(`customers/${customerId}`).set(fields);
      await test.firestore.doc(`outreach/${id}`).set({ firstStepsDueAt: now - minute, ...outreach });
      test.meter.take();
    }
    const outreach = async (id: string) => (await test.firestore.doc(`outreach/${id}`).get()).data();

    it('once, with two reads and three writes', async () => {
      await signedUp('c1');
      await run();
      expect(test.meter.take()).to.deep.equal({
        rpcs: { RunQuery: 1, BatchGetDocuments: 1, Commit: 2 },
        reads: 2,
        writes: 3,
      });
      await run();
      expect(sent).to.deep.equal(['c1~1']);
      expect(await email()).to.include({ status: 'accepted', stage: 'registered', template: 'first-steps' });
      expect(await outreach('c1'))
        .to.include({ firstStepsClaimedAt: now })
        .and.not.have.property('firstStepsDueAt');
    });

    it('once, even if the sign-up is reported again', async () => {
      await signedUp('c1', { firstStepsClaimedAt: now - day, emailsSent: 1, lastClaimedAt: now - day });
      await run();
      expect(sent).to.deep.equal([]);
      expect(await outreach('c1')).to.not.have.property('firstStepsDueAt');
      expect(recorded.lines[0]).to.include({ event: 'first-steps-skipped', reason: 'already-shown' });
    });

    it('after the cooldown', async () => {
      await signedUp('c1', { emailsSent: 1, lastClaimedAt: now - day });
      await run();
      expect(await outreach('c1')).to.include({ firstStepsDueAt: now + 6 * day });
    });

    it('never to a customer who has become active, and stops looking at them', async () => {
      await signedUp('c1', {}, { firstActivityAt: now - day });
      await run();
      expect(sent).to.deep.equal([]);
      expect(await outreach('c1')).to.deep.equal({});
    });

    it('once, even if many runs overlap', async () => {
      await signedUp('c1');
      await Promise.all(Array.from({ length: 5 }, () => run()));
      expect(sent).to.deep.equal(['c1~1']);
    });

    it('to the others when one customer fails', async () => {
      await signedUp('broken', { firstStepsDueAt: now - day });
      await test.firestore.doc('customers/broken').set({ transactions: 'many' });
      await signedUp('fine');
      await run();
      expect(sent).to.deep.equal(['fine~1']);
      expect(recorded.events()).to.include('first-steps-failed');
    });
  });

  it('does not send when its read is older than the lease', async () => {
    await stored();
    let time = now;
    const ledger = firestoreOutreachLedger(test.firestore, 400 * day);
    const slow = {
      ...ledger,
      async read(customerId: string) {
        const outreach = await ledger.read(customerId);
        time += 10 * minute;
        return outreach;
      },
    };
    await resumeEmails(parts({ ledger: slow, clock: () => time }));
    expect(sent).to.deep.equal([]);
    expect(recorded.events()).to.include('email-lease-lost');
  });
});
