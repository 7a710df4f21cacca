import { readFile } from 'node:fs/promises';
import { expect } from 'chai';
import { firestoreConversions } from '../../functions/src/adapters/firestore/conversions.ts';
import { firestoreCustomers } from '../../functions/src/adapters/firestore/customers.ts';
import { firestoreDeliveries } from '../../functions/src/adapters/firestore/deliveries.ts';
import { firestoreSendingSwitch } from '../../functions/src/adapters/firestore/settings.ts';
import { decodeDeliveryReport } from '../../functions/src/messages/delivery-event.ts';
import { customerFrom } from '../../functions/src/adapters/firestore/customer-documents.ts';
import { createCreditConversion } from '../../functions/src/usecases/credit-conversion.ts';
import { createRecordDelivery } from '../../functions/src/usecases/record-delivery.ts';
import { createResumeEmails } from '../../functions/src/usecases/resume-emails.ts';
import type { SendOutcome } from '../../functions/src/domain/email.ts';
import { customerIdOf } from '../../functions/src/domain/identity.ts';
import { costTable } from '../../operations/cost/table.ts';
import { unitCosts, type UnitCost } from '../../operations/cost/unit-costs.ts';
import { emailIdOf, links, sendgridEvent } from '../support/delivery-events.ts';
import { firestoreForEachTest } from '../support/emulators.ts';
import { recordingLog } from '../support/log.ts';
import { publishedMessage } from '../support/messages.ts';
import { engagementRecorder, transactionRecorder } from '../support/recording.ts';
import {
  accepted,
  resumeOpenEmailsFrom,
  sendFirstStepsFrom,
  sendingParts,
  targetCustomerFrom,
  type ResumingParts,
} from '../support/sending.ts';
import { day, encoded, hour, now, transactionMessage } from '../support/transactions.ts';

const hashKey = 'a key of the tests, long enough to be one';
const annId = customerIdOf('ann.lee@example.com', hashKey);

/** The costs are computed from these units, so each must be what the functions ask of Firestore and SendGrid. */
describe('every unit cost', () => {
  const test = firestoreForEachTest();
  let requests = 0;
  let invocations = 0;
  let sendgridIsUp = true;

  beforeEach(() => {
    sendgridIsUp = true;
  });

  const { log } = recordingLog();

  function parts(): ResumingParts {
    const send = async (): Promise<SendOutcome> => {
      requests += 1;
      return sendgridIsUp ? accepted : { kind: 'not-accepted', reason: 'status 503' };
    };
    return {
      ...sendingParts(test.firestore, log, { send }),
      customers: firestoreCustomers(test.firestore),
      batchSize: 200,
      concurrency: 10,
    };
  }

  async function record(changes: Record<string, unknown> = {}): Promise<void> {
    invocations += 1;
    const record = transactionRecorder(test.firestore, log, hashKey);
    await record(publishedMessage(transactionMessage(changes)));
  }
  /** Runs `targetCustomer` on the event of the customer's last purchase. */
  async function target(): Promise<void> {
    const fields = (await test.firestore.doc(`customers/${annId}`).get()).data() ?? {};
    const after = customerFrom(annId, fields);
    const before = { ...after, transactions: after.transactions - 1 };
    const { reads, writes, rpcs } = metered();
    metered({ reads: reads - 1, writes, rpcs: rpcs - 1 });
    invocations += 1;
    await targetCustomerFrom(parts())({ before, after });
  }
  async function buy(transactionId: string): Promise<void> {
    await record({ transactionId });
    await target();
  }
  const engage = async (type: string) => {
    invocations += 1;
    const occurredAt = new Date(now).toISOString();
    const message = { eventId: type, type, occurredAt, customer: { email: 'ann.lee@example.com' } };
    await engagementRecorder(test.firestore, log, hashKey)(publishedMessage(message));
    // Firestore's event of the changed customer is not a purchase, so the function reads nothing.
    invocations += 1;
  };

  let used = { reads: 0, writes: 0, rpcs: 0 };
  /** Adds what the meter shows to the total, or sets the total. */
  function metered(set?: typeof used): typeof used {
    const { reads, writes, rpcs } = test.meter.take();
    const calls = Object.values(rpcs).reduce((sum, count) => sum + count, 0);
    used = set ?? { reads: used.reads + reads, writes: used.writes + writes, rpcs: used.rpcs + calls };
    return used;
  }
  async function costOf(action: () => Promise<unknown>): Promise<Omit<UnitCost, 'deletes'>> {
    metered();
    metered({ reads: 0, writes: 0, rpcs: 0 });
    requests = 0;
    invocations = 0;
    await action();
    return { ...metered(), invocations, requests };
  }
  const listed = (unit: keyof typeof unitCosts) => {
    const { deletes, ...cost } = unitCosts[unit];
    expect(deletes).to.be.a('number');
    return cost;
  };
  const less = (whole: Omit<UnitCost, 'deletes'>, part: Omit<UnitCost, 'deletes'>) =>
    Object.fromEntries(
      Object.entries(whole).map(([kind, count]) => [kind, count - part[kind as keyof typeof part]]),
    );

  it('matches a purchase and the email it earns', async () => {
    const bought = await costOf(() => buy('sale-1'));
    expect(less(bought, listed('new purchase'))).to.deep.equal(listed('email sent'));
  });
  it('matches a purchase that earns no email by the event alone', async () => {
    await record({ occurredAt: new Date(now - 5 * day).toISOString() });
    expect(
      await costOf(async () => {
        await record({ transactionId: 'sale-2', occurredAt: new Date(now - 4 * day).toISOString() });
        await target();
      }),
    ).to.deep.equal(listed('new purchase'));
  });
  it('matches a purchase without an address', async () => {
    const cost = await costOf(() => record({ customer: {} }));
    expect(cost).to.deep.equal(listed('purchase without an address'));
  });
  it('matches a duplicate', async () => {
    await record();
    const { writes, ...cost } = await costOf(() => record());
    // The guard refuses the commit, which then writes nothing.
    expect({ ...cost, writes: writes - 2 }).to.deep.equal(listed('duplicate of a purchase'));
  });
  it('matches a purchase within the cooldown', async () => {
    await buy('sale-1');
    expect(await costOf(() => buy('sale-2'))).to.deep.equal(listed('purchase within the cooldown'));
  });
  it('matches a look at the settings, however many emails an instance sends in half a minute', async () => {
    const sendingSwitch = firestoreSendingSwitch(test.firestore, () => now);
    const looks = () => Promise.all(Array.from({ length: 20 }, () => sendingSwitch.isPaused()));
    expect(await costOf(looks)).to.deep.equal(listed('look at the settings'));
  });
  it('matches an email that is resumed', async () => {
    sendgridIsUp = false;
    await buy('sale-1');
    sendgridIsUp = true;
    const resume = resumeOpenEmailsFrom({ ...parts(), clock: () => now + hour });
    expect(await costOf(resume)).to.deep.equal(listed('email resumed'));
  });
  it('matches a webhook batch of 1,000 emails', async () => {
    const batch = test.firestore.batch();
    const emailIds = Array.from({ length: 1000 }, (_, index) => emailIdOf(index + 1));
    for (const emailId of emailIds) batch.create(test.firestore.doc(`emails/${emailId}`), {});
    await batch.commit();
    const events = emailIds.map((emailId) => sendgridEvent('delivered', 1, { emailId }));
    const report = decodeDeliveryReport(encoded(events), links, now);
    if ('fault' in report) throw new Error('The events are not a report.');
    const recordDelivery = createRecordDelivery({
      deliveries: firestoreDeliveries(test.firestore),
      creditConversion: createCreditConversion({
        conversions: firestoreConversions(test.firestore),
        attributionWindow: 30 * day,
        log,
      }),
      log,
    });
    const cost = await costOf(async () => {
      invocations += 1;
      await recordDelivery(report);
    });
    expect(cost).to.deep.equal(listed('webhook batch of 1,000 emails'));
  });
  it('matches a sign-up that is credited to an email', async () => {
    await buy('sale-1');
    expect(await costOf(() => engage('signed-up'))).to.deep.equal(listed('sign-up credited to an email'));
  });
  it('matches activity', async () => {
    expect(await costOf(() => engage('resource-viewed'))).to.deep.equal(listed('activity'));
  });
  it('matches an idle hour', async () => {
    const cost = await costOf(async () => {
      for (let run = 0; run < 12; run += 1) {
        invocations += 1;
        const resumeEmails = createResumeEmails({
          // A new switch for each run: after five minutes the old one reads the settings again.
          sendingSwitch: firestoreSendingSwitch(test.firestore, () => now),
          resumeOpenEmails: resumeOpenEmailsFrom(parts()),
          sendFirstSteps: sendFirstStepsFrom(parts()),
          log,
        });
        await resumeEmails();
      }
    });
    expect(cost).to.deep.equal(listed('idle hour'));
  });

  it('is what docs/costs.md says (else put the table of operations/cost/table.ts there)', async () => {
    const unpadded = (text: string) => text.replaceAll(/ +/g, ' ').replaceAll(/-{3,}/g, '---');
    expect(unpadded(await readFile('docs/costs.md', 'utf8'))).to.include(costTable());
  });
});
