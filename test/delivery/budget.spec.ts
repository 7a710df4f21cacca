import { expect } from 'chai';
import { sendingSettings } from '../../functions/src/adapters/firestore/settings.ts';
import { startProductionStack, type ProductionStack } from '../../local/production/stack.ts';
import { meterFirestore, type Meter } from '../support/firestore-meter.ts';
import { purchaseOf, someBuyer, type Buyer } from '../support/purchases.ts';
import { ShiftedClock } from '../support/shifted-clock.ts';

/** What a new instance asks of Firestore, with what it reads besides the use case itself. */
describe('a deployed function', function () {
  this.timeout(90_000);
  let stack: ProductionStack;
  let clock: ShiftedClock;
  const meters: Record<string, Meter> = {};

  before(async () => {
    clock = await ShiftedClock.start();
    stack = await startProductionStack({
      env: clock.env,
      nodeOptions: clock.nodeOptions,
      functions: ['recordTransaction', 'targetCustomer'],
      async between(name, services) {
        const meter = await meterFirestore(services.firestore);
        meters[name] = meter;
        return { ...services, firestore: meter.host };
      },
    });
  });
  after(async () => {
    await stack.stop();
    await clock.close();
    await Promise.all(Object.values(meters).map((meter) => meter.close()));
  });

  /** The usage of both functions for one purchase, once the second has logged this event for the buyer. */
  async function usedFor(buyer: Buyer, ending: string) {
    const settled = stack
      .process('targetCustomer')
      .logs.until(({ event, customerId }) => event === ending && customerId === buyer.customerId);
    await stack.publish('transactions', purchaseOf(buyer, clock.now()));
    await settled;
    return Object.fromEntries(Object.entries(meters).map(([name, meter]) => [name, meter.take()]));
  }
  const recorded = { rpcs: { Commit: 1 }, reads: 0, writes: 2 };
  const passHalfAMinute = () => {
    clock.advance(30_000);
  };
  const emailed = { rpcs: { BatchGetDocuments: 1, Commit: 2 }, reads: 1, writes: 3 };
  /** With the read of the settings. */
  const emailedFirst = { rpcs: { BatchGetDocuments: 2, Commit: 2 }, reads: 2, writes: 3 };
  const skipped = { rpcs: { BatchGetDocuments: 1 }, reads: 1, writes: 0 };

  it('takes one read and three writes for an email, one read for a skipped customer, and one for the settings every half minute', async () => {
    const buyer = someBuyer();
    for (const [each, ending, targetCustomer] of [
      [buyer, 'email-accepted', emailedFirst],
      [someBuyer(), 'email-accepted', emailed],
      [buyer, 'outreach-skipped', skipped],
    ] as const) {
      expect(await usedFor(each, ending)).to.deep.equal({ recordTransaction: recorded, targetCustomer });
    }
    passHalfAMinute();
    const later = await usedFor(someBuyer(), 'email-accepted');
    expect(later).to.deep.equal({ recordTransaction: recorded, targetCustomer: emailedFirst });
  });

  it('obeys a pause of all sending within half a minute, at the same cost', async () => {
    const settings = sendingSettings(stack.firestore);
    await settings.set({ paused: true, since: clock.now() });
    passHalfAMinute();
    await usedFor(someBuyer(), 'email-deferred');
    await settings.set({ paused: false, since: clock.now() });
    passHalfAMinute();
    const { targetCustomer } = await usedFor(someBuyer(), 'email-accepted');
    expect(targetCustomer).to.deep.equal(emailedFirst);
  });
});
