import { setTimeout as delay } from 'node:timers/promises';
import { expect } from 'chai';
import { firestoreCustomers } from '../../functions/src/adapters/firestore/customers.ts';
import type { Customer } from '../../functions/src/domain/customer.ts';
import type { SendOutcome } from '../../functions/src/domain/email.ts';
import { customer } from '../support/customers.ts';
import { emptyFirestore, type TestFirestore } from '../support/emulators.ts';
import { recordingLog } from '../support/log.ts';
import {
  resumeOpenEmailsFrom,
  sendingParts,
  targetCustomerFrom,
  type ResumingParts,
} from '../support/sending.ts';
import { day, hour, now as start } from '../support/transactions.ts';

const CUSTOMERS = 500;
/** One customer in ten signs up while waiting. */
const SIGN_UP_INTERVAL = 10;
const OUTAGE = 26 * hour;
/** How long SendGrid takes, in ms, so that requests overlap. */
const LATENCY = 2;
/** The time between two runs, the most emails in a run, and the most at the same time. */
const EVERY = hour;
const BATCH = 100;
const CONCURRENCY = 10;

const outreachPolicy = { cooldown: 7 * day, maxEmails: 4, maxTransactionAge: 2 * day };

describe('an outage of a day', function () {
  this.timeout(240_000);
  let test: TestFirestore;
  let clock = start;
  let inFlight = 0;
  let peak = 0;
  let handedOver = 0;
  const accepted: string[] = [];

  before(async () => {
    test = await emptyFirestore();
  });
  after(() => test.close());

  const isDown = () => clock < start + OUTAGE;

  /** SendGrid, which is down during the outage. */
  async function send({ emailId }: { emailId: string }): Promise<SendOutcome> {
    inFlight += 1;
    handedOver += 1;
    peak = Math.max(peak, inFlight);
    await delay(LATENCY);
    inFlight -= 1;
    if (isDown()) return { kind: 'not-accepted', reason: 'SendGrid answered 503' };
    accepted.push(emailId);
    return { kind: 'accepted', messageId: emailId };
  }

  const system = (): ResumingParts => ({
    ...sendingParts(test.firestore, recordingLog().log, { send }),
    outreachPolicy,
    customers: firestoreCustomers(test.firestore),
    batchSize: BATCH,
    concurrency: CONCURRENCY,
    clock: () => clock,
    chance: Math.random,
  });

  async function buy(number: number): Promise<void> {
    const buyer: Customer = customer({
      customerId: `customer-${number}`,
      email: `customer-${number}@example.com`,
      lastTransactionAt: clock,
    });
    const { customerId, ...fields } = buyer;
    await test.firestore.doc(`customers/${customerId}`).set(fields);
    await targetCustomerFrom(system())({ before: undefined, after: buyer });
  }

  async function run(): Promise<void> {
    const before = handedOver;
    await resumeOpenEmailsFrom(system())();
    expect(handedOver - before, 'the emails of one run').to.be.at.most(BATCH);
  }

  const emails = () => test.firestore.collection('emails');

  it('ends with exactly one email to each customer who is still due one, in bounded bursts', async () => {
    const buyersAnHour = Math.ceil(CUSTOMERS / (OUTAGE / EVERY));
    for (let number = 0; isDown(); clock += EVERY) {
      const last = Math.min(number + buyersAnHour, CUSTOMERS);
      await Promise.all(Array.from({ length: last - number }, (_, index) => buy(number + index)));
      number = last;
      peak = 0;
      await run();
      expect(peak, 'at the same time').to.be.at.most(CONCURRENCY);
    }
    expect((await emails().where('status', '==', 'deferred').get()).size).to.equal(CUSTOMERS);
    expect(accepted).to.be.empty;
    for (let number = 0; number < CUSTOMERS; number += SIGN_UP_INTERVAL) {
      await test.firestore.doc(`customers/customer-${number}`).update({ signedUpAt: clock });
    }

    while ((await emails().where('dueAt', '>', 0).limit(1).get()).size > 0) {
      await run();
      clock += EVERY;
    }
    const signedUp = CUSTOMERS / SIGN_UP_INTERVAL;
    expect(new Set(accepted).size)
      .to.equal(accepted.length)
      .and.equal(CUSTOMERS - signedUp);
    expect((await emails().where('status', '==', 'accepted').get()).size).to.equal(CUSTOMERS - signedUp);
    const withheld = await emails().where('status', '==', 'rejected').get();
    expect(withheld.size).to.equal(signedUp);
    expect(new Set(withheld.docs.map((email) => email.get('reason') as unknown))).to.deep.equal(
      new Set(['signed-up']),
    );
    expect(clock - start - OUTAGE, 'the time until every customer had an email').to.be.below(day);
  });
});
