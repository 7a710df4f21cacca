import { Timestamp, type DocumentData } from '@google-cloud/firestore';
import { expect } from 'chai';
import { firestoreOutreachLedger } from '../../functions/src/adapters/firestore/outreach-ledger.ts';
import type { Customer } from '../../functions/src/domain/customer.ts';
import type { SendOutcome } from '../../functions/src/domain/email.ts';
import { RetryableError } from '../../functions/src/errors.ts';
import type { Analytics, OutgoingEmail } from '../../functions/src/ports.ts';
import { erase } from '../../operations/customer/erase.ts';
import { customer } from '../support/customers.ts';
import { firestoreForEachTest } from '../support/emulators.ts';
import { logForEachTest } from '../support/log.ts';
import {
  accepted,
  sendingParts,
  targetCustomerFrom,
  templates,
  type SendingParts,
} from '../support/sending.ts';
import { day, hour, minute, now } from '../support/transactions.ts';

const { customerId } = customer();

describe('targeting customers', () => {
  const test = firestoreForEachTest();
  const recorded = logForEachTest();
  let sent: OutgoingEmail[];

  beforeEach(() => {
    sent = [];
  });

  /** The dependencies of targeting, with a mailer that records its emails and answers with this outcome. */
  function parts(changes: Partial<SendingParts> = {}, outcome: SendOutcome = accepted): SendingParts {
    const send = async (email: OutgoingEmail) => {
      sent.push(email);
      return outcome;
    };
    return { ...sendingParts(test.firestore, recorded.log, { send }), ...changes };
  }
  const buys = (after: Customer, from = parts()) =>
    targetCustomerFrom(from)({ before: after.transactions > 1 ? customer() : undefined, after });
  const document = async (path: string): Promise<DocumentData | undefined> =>
    (await test.firestore.doc(path).get()).data();

  it('takes one read and three writes, in three calls, to email a customer', async () => {
    await buys(customer());
    expect(test.meter.take()).to.deep.equal({
      rpcs: { BatchGetDocuments: 1, Commit: 2 },
      reads: 1,
      writes: 3,
    });
    expect(recorded.events()).to.deep.equal(['email-accepted']);
  });

  it('writes to the ledger what it sent, to whom and for which purchases', async () => {
    await buys(customer());
    expect(await document(`outreach/${customerId}`)).to.deep.equal({
      emailsSent: 1,
      lastClaimedAt: now,
      lastEmailId: `${customerId}~1`,
      transactionsAnswered: 1,
    });
    const email = await document(`emails/${customerId}~1`);
    expect(email).to.include({
      customerId,
      sequence: 1,
      stage: 'transactional',
      status: 'accepted',
      acceptedAt: now,
      messageId: 'message-1',
      template: 'join',
      contentSource: 'static',
    });
    expect(email).to.have.property('contentId').that.is.a('string');
    expect(email).to.not.have.property('dueAt');
    expect(email?.['expireAt']).to.deep.equal(Timestamp.fromMillis(now + 400 * day));
    expect(JSON.stringify(email)).to.not.contain('example.com');
  });

  it('sends one email with its address, both parts and the unsubscribe link', async () => {
    await buys(customer({ name: 'Ann Lee' }));
    expect(sent).to.have.length(1);
    const [email] = sent;
    expect(email).to.include({ to: 'ann.lee@example.com', emailId: `${customerId}~1`, category: 'join' });
    const link = `https://farmacy.example/unsubscribe?token=${customerId}~1.signed`;
    expect(email?.unsubscribeLink).to.equal(link);
    expect(email?.text).to.contain(link);
    expect(email?.html).to.contain('https://farmacy.example/join');
  });

  it('sends a second email after the first, with other content', async () => {
    await buys(customer());
    const later = now + 8 * day;
    const again = customer({ transactions: 2, lastTransactionAt: later });
    await buys(again, parts({ clock: () => later }));
    expect(recorded.events()).to.deep.equal(['email-accepted', 'email-accepted']);
    expect(await document(`outreach/${customerId}`)).to.include({
      emailsSent: 2,
      lastEmailId: `${customerId}~2`,
    });
    expect(sent[0]?.subject).to.not.equal(sent[1]?.subject);
  });

  it('logs no error when the customer is erased while the email is sent', async () => {
    const send = async (email: OutgoingEmail) => {
      sent.push(email);
      await erase(test.firestore, { email: email.to, customerId }, now);
      return accepted;
    };
    await buys(customer(), parts({ mailer: { send } }));
    expect(sent).to.have.length(1);
    expect(recorded.lines.map(({ severity }) => severity)).to.deep.equal(['INFO']);
    expect(await document(`emails/${customerId}~1`)).to.equal(undefined);
    expect(await document(`outreach/${customerId}`)).to.deep.equal({ suppressions: { erased: now } });
  });

  const visibleInEvent: [reason: string, after: Customer][] = [
    ['control-group', customer({ group: 'control' })],
    ['engaged', customer({ signedUpAt: now - day, firstActivityAt: now - hour })],
    ['stale-transaction', customer({ lastTransactionAt: now - 3 * day })],
  ];
  for (const [reason, after] of visibleInEvent) {
    it(`skips a customer for ${reason} without a read`, async () => {
      await buys(after);
      expect(test.meter.take()).to.deep.equal({ rpcs: {}, reads: 0, writes: 0 });
      expect(recorded.lines[0]).to.include({
        event: 'outreach-skipped',
        reason,
        customerId,
        transactions: 1,
      });
    });
  }

  it('skips a change that is not a purchase without a read', async () => {
    await targetCustomerFrom(parts())({ before: customer(), after: customer({ name: 'Ann B. Lee' }) });
    expect(test.meter.take()).to.deep.equal({ rpcs: {}, reads: 0, writes: 0 });
    expect(recorded.lines[0]).to.include({ event: 'outreach-skipped', reason: 'no-new-transaction' });
  });

  const visibleInOutreach: [reason: string, stored: DocumentData][] = [
    ['cooldown', { emailsSent: 1, lastClaimedAt: now - day, lastEmailId: 'x', transactionsAnswered: 1 }],
    [
      'cap-reached',
      { emailsSent: 4, lastClaimedAt: now - 90 * day, lastEmailId: 'x', transactionsAnswered: 1 },
    ],
    ['suppressed', { suppressions: { unsubscribed: now - day } }],
    ['no-new-transaction', { emailsSent: 1, lastClaimedAt: 0, lastEmailId: 'x', transactionsAnswered: 2 }],
  ];
  for (const [reason, stored] of visibleInOutreach) {
    it(`takes one read to skip a customer for ${reason}`, async () => {
      await test.firestore.doc(`outreach/${customerId}`).set(stored);
      test.meter.take();
      await buys(customer({ transactions: 2 }));
      expect(test.meter.take()).to.deep.equal({ rpcs: { BatchGetDocuments: 1 }, reads: 1, writes: 0 });
      expect(recorded.lines[0]).to.include({ event: 'outreach-skipped', reason });
    });
  }

  it('emails a customer whose suppression was lifted', async () => {
    await test.firestore.doc(`outreach/${customerId}`).set({});
    await buys(customer());
    expect(recorded.events()).to.deep.equal(['email-accepted']);
  });

  it('sends one email for thirty concurrent events', async () => {
    const events = Array.from({ length: 30 }, (_, index) => customer({ transactions: index + 1 }));
    await Promise.all(events.map((after) => buys(after)));
    expect(sent).to.have.length(1);
    expect((await test.firestore.collection('emails').get()).size).to.equal(1);
    const reasons = recorded.lines
      .filter(({ event }) => event === 'outreach-skipped')
      .map(({ reason }) => reason);
    expect(reasons).to.have.length(29);
    expect(
      [...new Set(reasons)].every((reason) => ['cooldown', 'no-new-transaction'].includes(String(reason))),
    ).to.equal(true);
  });

  it('decides again when the outreach has changed since it was read', async () => {
    const ledger = firestoreOutreachLedger(test.firestore, 400 * day);
    let signUps = 0;
    const claim: typeof ledger.claim = async (email, basedOn) => {
      signUps += 1;
      const due = { firstStepsDueAt: now + 3 * day };
      if (signUps === 1) await test.firestore.doc(`outreach/${customerId}`).set(due, { merge: true });
      return ledger.claim(email, basedOn);
    };
    await buys(customer(), parts({ ledger: { ...ledger, claim } }));
    expect(recorded.events()).to.deep.equal(['email-accepted']);
    expect(await document(`outreach/${customerId}`)).to.include({
      emailsSent: 1,
      firstStepsDueAt: now + 3 * day,
    });
  });

  it('asks for another delivery when the outreach changes too fast to be claimed', async () => {
    const ledger = firestoreOutreachLedger(test.firestore, 400 * day);
    const contended = { ...ledger, claim: () => Promise.resolve(false) };
    const error: unknown = await buys(customer(), parts({ ledger: contended })).catch(
      (thrown: unknown) => thrown,
    );
    expect(error).to.be.instanceOf(RetryableError);
    expect(test.meter.take()).to.deep.equal({ rpcs: { BatchGetDocuments: 3 }, reads: 3, writes: 0 });
    expect(sent).to.deep.equal([]);
  });

  it('sends one email for an event that is delivered repeatedly', async () => {
    for (let delivery = 0; delivery < 3; delivery += 1) await buys(customer());
    expect(sent).to.have.length(1);
    expect(recorded.events()).to.deep.equal(['email-accepted', 'outreach-skipped', 'outreach-skipped']);
  });

  const failures: [outcome: SendOutcome, expected: DocumentData][] = [
    [
      { kind: 'refused', reason: 'status 400' },
      { status: 'rejected', rejectedAt: now, reason: 'status 400' },
    ],
    [
      { kind: 'not-accepted', reason: '429', retryAt: now + hour },
      { status: 'deferred', dueAt: now + hour },
    ],
    [
      { kind: 'not-accepted', reason: 'status 503' },
      { status: 'deferred', reason: 'status 503' },
    ],
    [
      { kind: 'ambiguous', reason: 'timeout' },
      { status: 'unknown', reason: 'timeout' },
    ],
  ];
  for (const [outcome, expected] of failures) {
    it(`keeps an email in the ledger and succeeds when the outcome is ${JSON.stringify(outcome)}`, async () => {
      await buys(customer(), parts({}, outcome));
      const email = await document(`emails/${customerId}~1`);
      expect(email).to.include(expected);
      expect(email).to.include({ template: 'join', contentSource: 'static' });
      expect('dueAt' in (email ?? {})).to.equal(email?.['status'] !== 'rejected');
      expect(recorded.events()).to.deep.equal([`email-${String(expected['status'])}`]);
    });
  }

  it('defers an email that cannot be rendered, without sending anything', async () => {
    const broken = {
      ...templates,
      render: () => {
        throw new Error('no such filter');
      },
    };
    await buys(customer(), parts({ templates: broken }));
    expect(sent).to.deep.equal([]);
    expect(await document(`emails/${customerId}~1`)).to.include({
      status: 'deferred',
      reason: 'not-rendered',
    });
    expect(recorded.events()).to.deep.equal(['email-not-rendered', 'email-deferred']);
  });

  it('leaves an email claimed and due when it cannot write the outcome', async () => {
    const ledger = firestoreOutreachLedger(test.firestore, 400 * day);
    const settle = () => Promise.reject(new Error('unavailable'));
    await buys(customer(), parts({ ledger: { ...ledger, settle } }));
    expect(await document(`emails/${customerId}~1`)).to.include({
      status: 'claimed',
      dueAt: now + 5 * minute,
    });
    expect(recorded.events()).to.include('email-not-settled');
  });

  it('asks for another delivery when nothing is claimed yet', async () => {
    const ledger = firestoreOutreachLedger(test.firestore, 400 * day);
    const unavailable = () => Promise.reject(new RetryableError('unavailable'));
    for (const broken of [
      { ...ledger, read: unavailable },
      { ...ledger, claim: unavailable },
    ]) {
      const error: unknown = await buys(customer(), parts({ ledger: broken })).catch(
        (thrown: unknown) => thrown,
      );
      expect(error).to.be.instanceOf(RetryableError);
    }
    expect(sent).to.deep.equal([]);
  });

  describe('with Analytics', () => {
    const answers = (answer: Awaited<ReturnType<Analytics['ask']>>) => ({ ask: async () => answer });

    it('sends static content when Analytics has none, and logs it', async () => {
      await buys(customer(), parts({ analytics: answers(undefined) }));
      expect(await document(`emails/${customerId}~1`)).to.include({ contentSource: 'static' });
      expect(recorded.lines[0]).to.include({ event: 'content-fallback', reason: 'nothing-to-say' });
    });

    for (const [what, answer] of [
      ['an unknown template', { contentId: 'x', template: 'ransom', variables: {} }],
      ['no variables', { contentId: 'x', template: 'join', variables: {} }],
    ] as const) {
      it(`falls back to static content when it answers with ${what}`, async () => {
        await buys(customer(), parts({ analytics: answers(answer) }));
        expect(recorded.events()).to.deep.equal(['content-fallback', 'email-accepted']);
        expect(recorded.lines[0]).to.include({ severity: 'WARNING' });
        expect(await document(`emails/${customerId}~1`)).to.include({ contentSource: 'static' });
      });
    }

    it('asks with the pseudonym, stage and language, and without the address', async () => {
      let asked: unknown;
      const analytics = {
        ask: (question: unknown) => {
          asked = question;
          return Promise.resolve(undefined);
        },
      };
      await buys(customer({ locale: 'es-MX', signedUpAt: now - day }), parts({ analytics }));
      expect(asked).to.include({ customerId, stage: 'registered', locale: 'es', sequence: 1 });
      expect(JSON.stringify(asked)).to.not.contain('example.com');
      expect(sent[0]?.category).to.equal('first-steps');
    });
  });
});
