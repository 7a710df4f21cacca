import type { DocumentData } from '@google-cloud/firestore';
import { expect } from 'chai';
import fc from 'fast-check';
import { firestoreConversions } from '../../functions/src/adapters/firestore/conversions.ts';
import { firestoreDeliveries } from '../../functions/src/adapters/firestore/deliveries.ts';
import { firestoreOutreachLedger } from '../../functions/src/adapters/firestore/outreach-ledger.ts';
import { nextStep } from '../../functions/src/domain/email.ts';
import { reportsOf, type DeliveryReport } from '../../functions/src/domain/delivery.ts';
import { RetryableError } from '../../functions/src/errors.ts';
import { decodeDeliveryReport } from '../../functions/src/messages/delivery-event.ts';
import { createCreditConversion } from '../../functions/src/usecases/credit-conversion.ts';
import { createRecordDelivery } from '../../functions/src/usecases/record-delivery.ts';
import { sendingPolicy } from '../support/customers.ts';
import { emailIdOf, links, sendgridEvent, unsubscribeLink } from '../support/delivery-events.ts';
import { firestoreForEachTest } from '../support/emulators.ts';
import { logForEachTest } from '../support/log.ts';
import { day, encoded, hour, now } from '../support/transactions.ts';

type SendgridEvent = Record<string, unknown>;

describe('recording delivery reports', function () {
  // The first calls of a client and of the emulator are slow.
  this.timeout(60_000);
  const test = firestoreForEachTest();
  const recorded = logForEachTest();

  const customerIdOf = (n: number) => emailIdOf(n).slice(0, 32);
  const document = async (path: string): Promise<DocumentData | undefined> =>
    (await test.firestore.doc(path).get()).data();

  function decode(...events: unknown[]): DeliveryReport {
    const report = decodeDeliveryReport(encoded(events), links, now);
    if ('fault' in report) throw new Error(report.fault.message);
    return report;
  }
  function recordDelivery(
    report: DeliveryReport,
    deliveries = firestoreDeliveries(test.firestore),
  ): Promise<void> {
    const { log } = recorded;
    const conversions = firestoreConversions(test.firestore);
    return createRecordDelivery({
      deliveries,
      creditConversion: createCreditConversion({ conversions, attributionWindow: 30 * day, log }),
      log,
    })(report);
  }
  async function record(...events: unknown[]): Promise<void> {
    await recordDelivery(decode(...events));
  }

  /** Puts emails into the ledger. */
  async function claimed(...numbers: number[]): Promise<void> {
    await inLedger(numbers.map(emailIdOf));
    test.meter.take();
  }
  async function inLedger(emailIds: readonly string[]): Promise<void> {
    const batch = test.firestore.batch();
    for (const emailId of emailIds)
      batch.create(test.firestore.doc(`emails/${emailId}`), { status: 'accepted' });
    await batch.commit();
  }

  it('merges all reports on an email into its document', async () => {
    await claimed(1);
    await record(
      sendgridEvent('delivered', 2),
      sendgridEvent('processed', 1),
      sendgridEvent('open', 60, { sg_machine_open: true }),
      sendgridEvent('open', 90),
      sendgridEvent('click', 95, { url: links.join }),
      sendgridEvent('click', 99, { url: links.join }),
      sendgridEvent('click', 97, { url: unsubscribeLink }),
    );
    expect(await document(`emails/${emailIdOf(1)}`)).to.deep.equal({
      status: 'accepted',
      heardOfAt: now + 1_000,
      delivery: {
        processedAt: now + 1_000,
        deliveredAt: now + 2_000,
        machineOpenedAt: now + 60_000,
        openedAt: now + 90_000,
        clicks: {
          join: { firstAt: now + 95_000, lastAt: now + 99_000 },
          unsubscribe: { firstAt: now + 97_000, lastAt: now + 97_000 },
        },
      },
    });
  });

  it('takes one write an email, no read, and no write for customers it does not suppress', async () => {
    const numbers = Array.from({ length: 300 }, (_, index) => index + 1);
    await claimed(...numbers);
    const kinds = ['processed', 'delivered', 'open', 'deferred'];
    const events = Array.from({ length: 1_000 }, (_, index) =>
      sendgridEvent(kinds[index % 4] ?? '', index, {
        emailId: emailIdOf(1 + (index % 300)),
      }),
    );
    await record(...events);
    const { rpcs, ...usage } = test.meter.take();
    expect(usage).to.deep.equal({ reads: 0, writes: 300 });
    expect(rpcs).to.deep.equal({ BatchWrite: 15 });
    expect(recorded.lines[0]).to.include({
      events: 1_000,
      emails: 300,
      foreign: 0,
      ignored: 0,
      suppressed: 0,
    });
  });

  it('takes one more write to suppress a customer, and keeps the rest of the outreach', async () => {
    await claimed(1);
    const outreach = { emailsSent: 1, suppressions: { unsubscribed: now - 1 } };
    await test.firestore.doc(`outreach/${customerIdOf(1)}`).create(outreach);
    test.meter.take();
    await record(sendgridEvent('bounce', 5), sendgridEvent('spamreport', 7));
    expect(test.meter.take()).to.deep.include({ reads: 0, writes: 2 });
    expect(await document(`outreach/${customerIdOf(1)}`)).to.deep.equal({
      emailsSent: 1,
      suppressions: { bounced: now + 5_000, 'spam-report': now + 7_000, unsubscribed: now - 1 },
    });
    expect(recorded.lines).to.deep.include({
      severity: 'INFO',
      message: 'A customer is not written to again: bounced.',
      event: 'customer-suppressed',
      customerId: customerIdOf(1),
      reason: 'bounced',
    });
  });

  it('proves that SendGrid has accepted an email whose outcome was unknown', async () => {
    const unknown = { emailId: emailIdOf(1), status: 'unknown', dueAt: now + day, attemptedAt: now - hour };
    await test.firestore.doc(`emails/${emailIdOf(1)}`).create(unknown);
    await record(sendgridEvent('deferred', -60));
    const [open] = await firestoreOutreachLedger(test.firestore, 400 * day).dueEmails(now + day, 10);
    expect(open && nextStep(open.value, sendingPolicy, now)).to.deep.equal({
      step: 'settle',
      state: { status: 'accepted', acceptedAt: now - 60_000 },
    });
  });

  it('credits a sign-up to the email that turns out to have been clicked before it', async () => {
    const customerId = customerIdOf(1);
    const emails = [`${customerId}~1`, `${customerId}~2`];
    for (const [index, emailId] of emails.entries()) {
      const acceptedAt = now - day + index * hour;
      await test.firestore.doc(`emails/${emailId}`).create({ customerId, status: 'accepted', acceptedAt });
    }
    await test.firestore.doc(`customers/${customerId}`).create({ signedUpAt: now + hour });
    await record(sendgridEvent('click', 0, { emailId: emails[0], url: links.join }));
    expect(await document(`emails/${emails[0] ?? ''}`)).to.include({ convertedAt: now + hour });
    expect(await document(`emails/${emails[1] ?? ''}`)).to.not.have.property('convertedAt');
    expect(recorded.events()).to.deep.equal(['conversion-credited', 'delivery-recorded']);

    await record(sendgridEvent('click', 60, { emailId: emails[0], url: links.join }));
    expect(recorded.events()).to.have.length(3).and.include('delivery-recorded');
    await record(sendgridEvent('click', 90, { emailId: emails[1], url: links.join }));
    expect(recorded.events().slice(3)).to.deep.equal(['conversion-moved', 'delivery-recorded']);
    expect(recorded.lines[3]).to.include({ emailId: emails[1], movedFrom: emails[0] });
  });

  it('warns of events of our emails that it cannot read, and merges what it can read of them', async () => {
    await claimed(1);
    await record(sendgridEvent('teleported'), sendgridEvent('spamreport', 0, { timestamp: 'noon' }));
    expect(await document(`outreach/${customerIdOf(1)}`)).to.deep.equal({
      suppressions: { 'spam-report': now },
    });
    expect(recorded.lines.find(({ event }) => event === 'delivery-unreadable')).to.include({
      severity: 'WARNING',
      count: 2,
    });
    expect(recorded.lines.at(-1)).to.include({ event: 'delivery-recorded', events: 2, ignored: 1 });
  });

  it('ignores emails that are not in the ledger, and records the others', async () => {
    await claimed(1);
    await record(
      sendgridEvent('bounce', 0, { emailId: emailIdOf(2) }),
      sendgridEvent('open', 0, { emailId: emailIdOf(2) }),
      sendgridEvent('delivered', 0, { emailId: 'another-sender' }),
      sendgridEvent('teleported', 0, { emailId: 'another-sender' }),
      { event: 'account_status_change', timestamp: now / 1000, type: 'compliance_suspend' },
      sendgridEvent('delivered'),
    );
    expect(await document(`emails/${emailIdOf(1)}`)).to.have.nested.property('delivery.deliveredAt', now);
    expect(await document(`emails/${emailIdOf(2)}`)).to.equal(undefined);
    expect(await document(`outreach/${customerIdOf(2)}`)).to.equal(undefined);
    expect(recorded.events()).to.deep.equal(['sendgrid-account-changed', 'delivery-recorded']);
    expect(recorded.lines[1]).to.include({ events: 6, emails: 1, foreign: 3, ignored: 1, suppressed: 0 });
  });

  it('stores and logs no address, link or user agent', async () => {
    await claimed(1);
    await record(sendgridEvent('click', 0, { url: unsubscribeLink }), sendgridEvent('bounce'));
    const stored = [
      await document(`emails/${emailIdOf(1)}`),
      await document(`outreach/${customerIdOf(1)}`),
      recorded.lines,
    ];
    expect(JSON.stringify(stored)).to.not.match(/ann|example|secret|Mozilla|192\.0/i);
  });

  it('fails when a write fails, so that SendGrid tries again', async () => {
    await claimed(1);
    const blocked = {
      ...firestoreDeliveries(test.firestore),
      suppress: () => Promise.reject(new RetryableError('no')),
    };
    const failure: unknown = await recordDelivery(decode(sendgridEvent('bounce')), blocked).catch(
      (error: unknown) => error,
    );
    expect(failure).to.be.instanceOf(RetryableError);
    expect(recorded.events()).to.deep.equal([]);
  });

  it('fails when Firestore refuses one write of a batch', async () => {
    const reserved = reportsOf(decode(sendgridEvent('delivered')).events).map((report) => ({
      ...report,
      emailId: '__reserved__',
    }));
    const failure: unknown = await firestoreDeliveries(test.firestore)
      .merge(reserved)
      .catch((error: unknown) => error);
    expect(failure).to.be.instanceOf(RetryableError).with.nested.property('cause.code', 3);
  });

  /** Any reports on two emails to one customer and one email to another. */
  const history = fc.array(
    fc
      .record({
        email: fc.constantFrom(1, 2, 3),
        seconds: fc.integer({ min: 0, max: 100 }),
        kind: fc.constantFrom<[string, SendgridEvent]>(
          ['processed', {}],
          ['deferred', {}],
          ['delivered', {}],
          ['open', {}],
          ['open', { sg_machine_open: true }],
          ['click', { url: links.join }],
          ['click', { url: unsubscribeLink }],
          ['click', { url: 'https://elsewhere.example' }],
          ['bounce', { type: 'bounce' }],
          ['bounce', { type: 'blocked' }],
          ['dropped', { reason: 'Bounced Address' }],
          ['dropped', { reason: 'Spam Content' }],
          ['spamreport', {}],
          ['unsubscribe', {}],
          ['group_unsubscribe', {}],
          ['group_resubscribe', {}],
        ),
      })
      .map(({ email, seconds, kind: [event, fields] }) => ({
        email,
        event: sendgridEvent(event, seconds, fields),
      })),
    { minLength: 1, maxLength: 20 },
  );
  type History = readonly { email: number; event: SendgridEvent }[];

  /** Records a history for new customers, in these portions at the same time. @returns their documents. */
  async function documentsAfter(run: string, portions: readonly History[]) {
    const customers = [`${run}a`, `${run}b`].map((name) =>
      Buffer.from(name).toString('hex').padStart(32, '0'),
    );
    const [first = '', second = ''] = customers;
    const emailIds = [`${first}~1`, `${first}~2`, `${second}~1`];
    await inLedger(emailIds);
    await Promise.all(
      portions.map((portion) =>
        record(...portion.map(({ email, event }) => ({ ...event, emailId: emailIds[email - 1] }))),
      ),
    );
    const paths = [...emailIds.map((id) => `emails/${id}`), ...customers.map((id) => `outreach/${id}`)];
    const documents = await test.firestore.getAll(...paths.map((path) => test.firestore.doc(path)));
    return documents.map((found) => found.data());
  }

  it('ends in the same documents for any order, repetition and division of the reports', async () => {
    let runs = 0;
    const disorder = history.chain((events) =>
      fc.record({
        events: fc.constant(events),
        shuffled: fc.shuffledSubarray(events, { minLength: events.length }),
        repeated: fc.subarray(events),
        cut: fc.nat({ max: events.length }),
      }),
    );
    await fc.assert(
      fc.asyncProperty(disorder, async ({ events, shuffled, repeated, cut }) => {
        runs += 1;
        const expected = await documentsAfter(`x${runs}`, [events]);
        const portions = [shuffled.slice(cut), [...repeated, ...shuffled.slice(0, cut)], repeated];
        expect(await documentsAfter(`y${runs}`, portions)).to.deep.equal(expected);
      }),
      { numRuns: 20 },
    );
  });
});
