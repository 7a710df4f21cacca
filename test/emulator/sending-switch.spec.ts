import { expect } from 'chai';
import { firestoreCustomers } from '../../functions/src/adapters/firestore/customers.ts';
import { firestoreSendingSwitch, sendingSettings } from '../../functions/src/adapters/firestore/settings.ts';
import type { OutgoingEmail } from '../../functions/src/ports.ts';
import { runCommand } from '../support/commands.ts';
import { customer } from '../support/customers.ts';
import { emulators, firestoreForEachTest, type TestFirestore } from '../support/emulators.ts';
import { recordingLog } from '../support/log.ts';
import { accepted, resumeOpenEmailsFrom, sendingParts, targetCustomerFrom } from '../support/sending.ts';
import { now } from '../support/transactions.ts';

describe('pausing all sending', () => {
  const test = firestoreForEachTest();
  let time: number;
  beforeEach(() => {
    time = now;
  });

  const sendingSwitch = () => firestoreSendingSwitch(test.firestore, () => time);

  const pause = () => sendingSettings(test.firestore).set({ paused: true, since: now });
  const resume = () => sendingSettings(test.firestore).set({ paused: false, since: now });

  it('takes effect within half a minute, both ways, without a deployment', async () => {
    const shared = sendingSwitch();
    expect(await shared.isPaused(), 'before the switch is used for the first time').to.equal(false);
    await pause();
    time += 30_000;
    expect(await shared.isPaused()).to.equal(true);
    await resume();
    time += 30_000;
    expect(await shared.isPaused()).to.equal(false);
  });

  it('costs at most one read in half a minute, for any number of emails', async () => {
    const shared = sendingSwitch();
    test.meter.take();
    await Promise.all(Array.from({ length: 50 }, () => shared.isPaused()));
    time += 29_999;
    await shared.isPaused();
    expect(test.meter.take()).to.deep.include({ reads: 1, writes: 0 });
  });

  it('defers the emails that purchases earn, and sends them as soon as the pause has ended', async () => {
    const sent: string[] = [];
    const { log, events } = recordingLog();
    const send = async ({ emailId }: OutgoingEmail) => {
      sent.push(emailId);
      return accepted;
    };
    const parts = {
      ...sendingParts(test.firestore, log, { send }),
      sendingSwitch: sendingSwitch(),
      clock: () => time,
      chance: () => 1,
    };
    const buyer = customer();
    const { customerId, ...fields } = buyer;
    await test.firestore.doc(`customers/${customerId}`).set(fields);
    await pause();
    await targetCustomerFrom(parts)({ before: undefined, after: buyer });
    expect(events()).to.deep.equal(['email-deferred']);
    const email = await test.firestore.doc(`emails/${customerId}~1`).get();
    expect(email.data()).to.include({
      status: 'deferred',
      reason: 'sending-paused',
      contentSource: 'static',
    });
    expect(sent).to.deep.equal([]);
    await resume();
    time += 30_000;
    await resumeOpenEmailsFrom({ ...parts, customers: firestoreCustomers(test.firestore) })();
    expect(sent).to.deep.equal([`${customerId}~1`]);
    expect(events()).to.include('email-accepted');
  });

  it('is assumed while the switch cannot be read', async () => {
    let broken = true;
    const flaky = {
      collection: (name: string) =>
        broken
          ? { doc: () => ({ get: () => Promise.reject(new Error('unavailable')) }) }
          : test.firestore.collection(name),
    } as unknown as TestFirestore['firestore'];
    const shared = firestoreSendingSwitch(flaky, () => time);
    expect(await shared.isPaused()).to.equal(true);
    broken = false;
    expect(await shared.isPaused()).to.equal(false);
  });

  it('takes one command', async function () {
    this.timeout(60_000);
    const { env } = await emulators();
    const command = async (...wanted: string[]) => {
      const args = [...wanted, '--project', test.projectId];
      return (await runCommand('operations/pause.ts', args, env)).stdout;
    };
    expect(await command('status')).to.match(/^Sending is on/u);
    expect(await command('on', '--why', 'complaints')).to.match(
      /^Sending is paused in .*, since .*: complaints/u,
    );
    expect(await sendingSwitch().isPaused()).to.equal(true);
    expect(await command('off')).to.match(/^Sending is on/u);
    expect(await sendingSwitch().isPaused()).to.equal(false);
  });
});
