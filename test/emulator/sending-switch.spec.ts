import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { expect } from 'chai';
import { firestoreCustomers } from '../../functions/src/adapters/firestore/customers.ts';
import { firestoreOutreachLedger } from '../../functions/src/adapters/firestore/outreach-ledger.ts';
import { EVERYONE, firestoreSendingSwitch } from '../../functions/src/adapters/firestore/sending-switch.ts';
import { pausableMailer } from '../../functions/src/adapters/pausable-mailer.ts';
import type { OutgoingEmail } from '../../functions/src/ports.ts';
import { resumeEmails } from '../../functions/src/usecases/resume-emails.ts';
import { targetCustomer, type TargetCustomer } from '../../functions/src/usecases/target-customer.ts';
import { customer } from '../support/customers.ts';
import { emptyFirestore, emulators, type TestFirestore } from '../support/emulators.ts';
import { rememberingLog } from '../support/log.ts';
import { accepted, outreachPolicy, sendingNeeds } from '../support/sending.ts';
import { day, hour, now } from '../support/transactions.ts';

const email: OutgoingEmail = {
  emailId: 'c1~1',
  to: 'ann.lee@example.com',
  category: 'join',
  unsubscribeLink: 'https://farmacy.example/unsubscribe?token=c1',
  subject: 'A subject',
  html: '<p>Hello</p>',
  text: 'Hello',
};

describe('pausing all sending', () => {
  let test: TestFirestore;
  let time: number;
  beforeEach(async function () {
    this.timeout(60_000);
    test = await emptyFirestore();
    time = now;
  });
  afterEach(() => test.close());

  const sendingSwitch = () => firestoreSendingSwitch(test.firestore, () => time);

  const pause = () => test.firestore.doc(`outreach/${EVERYONE}`).set({ pausedAt: new Date(now) });
  const goOn = () => test.firestore.doc(`outreach/${EVERYONE}`).delete();

  it('takes effect within half a minute, both ways, without anything being deployed', async () => {
    const shared = sendingSwitch();
    expect(await shared.isPaused(), 'nobody has ever paused anything').to.equal(false);
    await pause();
    time += 30_000;
    expect(await shared.isPaused()).to.equal(true);
    await goOn();
    time += 30_000;
    expect(await shared.isPaused()).to.equal(false);
  });

  it('is seen within five seconds, and for nothing, by whoever reads the outreach of a customer', async () => {
    const shared = sendingSwitch();
    const ledger = firestoreOutreachLedger(test.firestore, 400 * day, shared);
    await test.firestore.doc('outreach/c1').set({ emailsSent: 1 });
    const read = async () => {
      test.meter.take();
      const { value } = await ledger.read('c1');
      expect(value).to.include({ emailsSent: 1 });
      return { paused: await shared.isPaused(), ...test.meter.take() };
    };
    const query = { rpcs: { RunQuery: 1 }, writes: 0 };
    expect(await read()).to.deep.equal({ paused: false, reads: 1, ...query });
    await pause();
    time += 4_999;
    const lookup = { rpcs: { BatchGetDocuments: 1 }, writes: 0 };
    expect(await read(), 'who has just looked').to.deep.equal({ paused: false, reads: 1, ...lookup });
    time += 1;
    expect(await read()).to.deep.equal({ paused: true, reads: 2, ...query });
    await goOn();
    time += 5_000;
    expect(await read()).to.deep.equal({ paused: false, reads: 1, ...query });
    expect(await ledger.read('c2'), 'somebody of whom nothing is known').to.deep.equal({
      value: undefined,
      version: undefined,
    });
  });

  it('is looked at by one of many who read at the same time, and by all when nothing is known', async () => {
    const shared = sendingSwitch();
    const ledger = firestoreOutreachLedger(test.firestore, 400 * day, shared);
    const readTogether = async () => {
      test.meter.take();
      await Promise.all(Array.from({ length: 10 }, (_, n) => ledger.read(`c${n}`)));
      return test.meter.take();
    };
    expect(await readTogether()).to.deep.include({ rpcs: { RunQuery: 10 }, reads: 10 });
    time += 5_000;
    expect(await readTogether()).to.deep.include({ rpcs: { RunQuery: 1, BatchGetDocuments: 9 }, reads: 10 });
  });

  it('costs at most one read in half a minute, however many emails an instance sends', async () => {
    const shared = sendingSwitch();
    test.meter.take();
    await Promise.all(Array.from({ length: 50 }, () => shared.isPaused()));
    time += 29_999;
    await shared.isPaused();
    expect(test.meter.take()).to.deep.include({ reads: 1, writes: 0 });
  });

  it('hands nothing over, and says that nothing has left', async () => {
    const sent: string[] = [];
    const mailer = {
      send: async ({ emailId }: OutgoingEmail) => {
        sent.push(emailId);
        return { kind: 'accepted', messageId: 'message-1' } as const;
      },
    };
    let paused = true;
    const pausable = pausableMailer(mailer, { isPaused: async () => paused });
    expect(await pausable.send(email)).to.deep.equal({ kind: 'not-accepted', reason: 'sending-paused' });
    expect(sent).to.deep.equal([]);
    paused = false;
    expect(await pausable.send(email)).to.include({ kind: 'accepted' });
    expect(sent).to.deep.equal(['c1~1']);
  });

  it('loses no email: what a purchase earned meanwhile is sent when the pause is over', async () => {
    const sent: string[] = [];
    const { log, events } = rememberingLog();
    let paused = true;
    const mailer = pausableMailer(
      {
        send: async ({ emailId }) => {
          sent.push(emailId);
          return accepted;
        },
      },
      { isPaused: async () => paused },
    );
    const sending = sendingNeeds(test.firestore, log, mailer);
    const needs: TargetCustomer = { ...sending, policy: outreachPolicy, clock: () => time, chance: () => 1 };
    const buyer = customer();
    const { customerId, ...fields } = buyer;
    await test.firestore.doc(`customers/${customerId}`).set(fields);
    await targetCustomer({ before: undefined, after: buyer }, needs);
    expect(events()).to.deep.equal(['email-deferred']);
    paused = false;
    time += hour;
    const customers = firestoreCustomers(test.firestore);
    await resumeEmails({ ...needs, customers, batchSize: 10, concurrency: 1 });
    expect(sent).to.deep.equal([`${customerId}~1`]);
    expect(events()).to.include('email-accepted');
  });

  it('is assumed when nobody can tell', async () => {
    const failing = {
      collection: () => ({ doc: () => ({ get: () => Promise.reject(new Error('unavailable')) }) }),
    } as unknown as TestFirestore['firestore'];
    expect(await firestoreSendingSwitch(failing, () => time).isPaused()).to.equal(true);
  });

  it('is one command', async function () {
    this.timeout(60_000);
    const { env } = await emulators();
    const command = async (wanted: string) => {
      const args = ['local/pause.ts', wanted, '--project', test.projectId];
      const { stdout } = await promisify(execFile)(process.execPath, args, {
        env: { ...process.env, ...env },
      });
      return stdout;
    };
    expect(await command('status')).to.match(/^Sending is on/u);
    expect(await command('on')).to.match(/^Sending is paused/u);
    expect(await sendingSwitch().isPaused()).to.equal(true);
    expect(await command('off')).to.match(/^Sending is on/u);
    expect(await sendingSwitch().isPaused()).to.equal(false);
  });
});
