import { readFile } from 'node:fs/promises';
import { expect } from 'chai';
import { firestoreConversions } from '../../functions/src/adapters/firestore/conversions.ts';
import { firestoreCustomers } from '../../functions/src/adapters/firestore/customers.ts';
import { firestoreDeliveries } from '../../functions/src/adapters/firestore/deliveries.ts';
import { firestoreEngagements } from '../../functions/src/adapters/firestore/engagements.ts';
import { firestoreQuarantine } from '../../functions/src/adapters/firestore/quarantine.ts';
import { firestoreSendingSwitch } from '../../functions/src/adapters/firestore/sending-switch.ts';
import { transactionStore } from '../../functions/src/adapters/firestore/transactions.ts';
import { decodeDeliveryReport } from '../../functions/src/messages/delivery-event.ts';
import { customerFrom } from '../../functions/src/messages/customer-written.ts';
import { recordDelivery } from '../../functions/src/usecases/record-delivery.ts';
import { recordEngagement } from '../../functions/src/usecases/record-engagement.ts';
import { recordTransaction } from '../../functions/src/usecases/record-transaction.ts';
import { resumeEmails } from '../../functions/src/usecases/resume-emails.ts';
import { sendFirstSteps } from '../../functions/src/usecases/send-first-steps.ts';
import { targetCustomer } from '../../functions/src/usecases/target-customer.ts';
import type { SendOutcome } from '../../functions/src/domain/email.ts';
import { customerIdOf } from '../../functions/src/domain/identity.ts';
import { costTable } from '../../local/cost/table.ts';
import { unitCosts, type UnitCost } from '../../local/cost/unit-costs.ts';
import { emailIdOf, links, sendgridEvent } from '../support/delivery-events.ts';
import { emptyFirestore, type TestFirestore } from '../support/emulators.ts';
import { rememberingLog } from '../support/log.ts';
import { publishedMessage } from '../support/messages.ts';
import { accepted, outreachPolicy, sendingNeeds } from '../support/sending.ts';
import { day, encoded, hour, now, transactionMessage } from '../support/transactions.ts';

const hashKey = 'a key of the tests, long enough to be one';
const annId = customerIdOf('ann.lee@example.com', hashKey);

/** What the functions ask of Firestore and of SendGrid is what the bill is computed from, line by line. */
describe('what everything costs', () => {
  let test: TestFirestore;
  let requests = 0;
  let invocations = 0;
  let taken = true;

  beforeEach(async function () {
    this.timeout(60_000);
    test = await emptyFirestore();
    taken = true;
  });
  afterEach(() => test.close());

  /** Everything that any of the stories needs. */
  function needs() {
    const { firestore } = test;
    const send = async (): Promise<SendOutcome> => {
      requests += 1;
      return taken ? accepted : { kind: 'not-accepted', reason: 'status 503' };
    };
    return {
      ...sendingNeeds(firestore, rememberingLog().log, { send }),
      store: transactionStore(firestore),
      quarantine: firestoreQuarantine(firestore, 90 * day, () => now),
      engagements: firestoreEngagements(firestore),
      conversions: firestoreConversions(firestore),
      deliveries: firestoreDeliveries(firestore),
      customers: firestoreCustomers(firestore),
      engagement: { hashKey, controlGroupShare: 0, firstStepsAfter: 3 * day },
      attributionWindow: 30 * day,
      batchSize: 200,
      concurrency: 10,
    };
  }
  const recording = { hashKey, controlGroupShare: 0, transactionRetention: 730 * day };

  async function record(changes: Record<string, unknown> = {}): Promise<void> {
    invocations += 1;
    await recordTransaction(publishedMessage(transactionMessage(changes)), { ...needs(), policy: recording });
  }
  /** What Firestore's event has the function do, with the customer before and after their last purchase. */
  async function target(): Promise<void> {
    const fields = (await test.firestore.doc(`customers/${annId}`).get()).data() ?? {};
    const after = customerFrom(annId, fields);
    const before = { ...after, transactions: after.transactions - 1 };
    const { reads, writes, rpcs } = metered();
    metered({ reads: reads - 1, writes, rpcs: rpcs - 1 });
    invocations += 1;
    await targetCustomer({ before, after }, { ...needs(), policy: outreachPolicy });
  }
  async function buy(transactionId: string): Promise<void> {
    await record({ transactionId });
    await target();
  }
  const engage = async (type: string) => {
    invocations += 1;
    const occurredAt = new Date(now).toISOString();
    const message = { eventId: type, type, occurredAt, customer: { email: 'ann.lee@example.com' } };
    await recordEngagement(publishedMessage(message), needs());
    // Firestore's event of the changed customer: it is no purchase, so nobody is asked.
    invocations += 1;
  };

  let used = { reads: 0, writes: 0, rpcs: 0 };
  /** Adds up what the meter shows, or sets it. */
  function metered(set?: typeof used): typeof used {
    const { reads, writes, rpcs } = test.meter.take();
    const calls = Object.values(rpcs).reduce((sum, count) => sum + count, 0);
    used = set ?? { reads: used.reads + reads, writes: used.writes + writes, rpcs: used.rpcs + calls };
    return used;
  }
  async function costOf(what: () => Promise<unknown>): Promise<Omit<UnitCost, 'deletes'>> {
    metered();
    metered({ reads: 0, writes: 0, rpcs: 0 });
    requests = 0;
    invocations = 0;
    await what();
    return { ...metered(), invocations, requests };
  }
  const listed = (what: keyof typeof unitCosts) => {
    const { deletes, ...cost } = unitCosts[what];
    expect(deletes).to.be.a('number');
    return cost;
  };
  const less = (whole: Omit<UnitCost, 'deletes'>, part: Omit<UnitCost, 'deletes'>) =>
    Object.fromEntries(
      Object.entries(whole).map(([kind, count]) => [kind, count - part[kind as keyof typeof part]]),
    );

  it('a purchase, and the email it earns', async () => {
    const bought = await costOf(() => buy('sale-1'));
    expect(less(bought, listed('new purchase'))).to.deep.equal(listed('email sent'));
  });
  it('a purchase that the event alone shows to earn no email', async () => {
    await record({ occurredAt: new Date(now - 5 * day).toISOString() });
    expect(
      await costOf(async () => {
        await record({ transactionId: 'sale-2', occurredAt: new Date(now - 4 * day).toISOString() });
        await target();
      }),
    ).to.deep.equal(listed('new purchase'));
  });
  it('a purchase without an address', async () => {
    const cost = await costOf(() => record({ customer: {} }));
    expect(cost).to.deep.equal(listed('purchase without an address'));
  });
  it('a duplicate', async () => {
    await record();
    const { writes, ...cost } = await costOf(() => record());
    // The commit that the guard refuses writes nothing.
    expect({ ...cost, writes: writes - 2 }).to.deep.equal(listed('duplicate of a purchase'));
  });
  it('a purchase within the cooldown', async () => {
    await buy('sale-1');
    expect(await costOf(() => buy('sale-2'))).to.deep.equal(listed('purchase within the cooldown'));
  });
  it('an email that is resumed', async () => {
    taken = false;
    await buy('sale-1');
    taken = true;
    const later = { ...needs(), clock: () => now + hour };
    expect(await costOf(() => resumeEmails(later))).to.deep.equal(listed('email resumed'));
  });
  it('a webhook batch of 1,000 emails', async () => {
    const batch = test.firestore.batch();
    const emailIds = Array.from({ length: 1000 }, (_, index) => emailIdOf(index + 1));
    for (const emailId of emailIds) batch.create(test.firestore.doc(`emails/${emailId}`), {});
    await batch.commit();
    const events = emailIds.map((emailId) => sendgridEvent('delivered', 1, { emailId }));
    const report = decodeDeliveryReport(encoded(events), links);
    if ('fault' in report) throw new Error('not a report');
    const cost = await costOf(async () => {
      invocations += 1;
      await recordDelivery(report, needs());
    });
    expect(cost).to.deep.equal(listed('webhook batch of 1,000 emails'));
  });
  it('a sign-up that is credited', async () => {
    await buy('sale-1');
    expect(await costOf(() => engage('signed-up'))).to.deep.equal(listed('sign-up credited to an email'));
  });
  it('activity', async () => {
    expect(await costOf(() => engage('resource-viewed'))).to.deep.equal(listed('activity'));
  });
  it('an hour in which nothing happens', async () => {
    const cost = await costOf(async () => {
      for (let run = 0; run < 12; run += 1) {
        invocations += 1;
        await firestoreSendingSwitch(test.firestore, () => now).isPaused();
        await resumeEmails(needs());
        await sendFirstSteps({ ...needs(), policy: outreachPolicy });
      }
    });
    expect(cost).to.deep.equal(listed('idle hour'));
  });

  it('is what docs/costs.md says (else put the table of local/cost/table.ts there)', async () => {
    const unpadded = (text: string) => text.replaceAll(/ +/g, ' ').replaceAll(/-{3,}/g, '---');
    expect(unpadded(await readFile('docs/costs.md', 'utf8'))).to.include(costTable());
  });
});
