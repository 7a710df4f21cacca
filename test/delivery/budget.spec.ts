import { expect } from 'chai';
import { startProductionStack, type ProductionStack } from '../../local/production/stack.ts';
import { meterFirestore, type Meter } from '../support/firestore-meter.ts';
import { purchaseOf, someBuyer, type Buyer } from '../support/purchases.ts';
import { ShiftedClock } from '../support/shifted-clock.ts';

/** What an instance asks of Firestore from its very first event on, whatever it has to look up beside the story. */
describe('the budget of a deployed function', function () {
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

  /** Resolves with what both functions used, once the second has said what became of the customer. */
  async function usedFor(buyer: Buyer, ending: string) {
    const settled = stack
      .process('targetCustomer')
      .logs.until(({ event, customerId }) => event === ending && customerId === buyer.customerId);
    await stack.publish('transactions', purchaseOf(buyer, clock.now()));
    await settled;
    return Object.fromEntries(Object.entries(meters).map(([name, meter]) => [name, meter.take()]));
  }
  const recorded = { rpcs: { Commit: 1 }, reads: 0, writes: 2 };
  /** By then an instance looks again whether sending is paused, which its first read shows too. */
  const inFiveSeconds = () => {
    clock.advance(5_000);
  };

  it('is one read and three writes for an email, and one read for a customer who is left alone', async () => {
    const buyer = someBuyer();
    expect(await usedFor(buyer, 'email-accepted')).to.deep.equal({
      recordTransaction: recorded,
      targetCustomer: { rpcs: { RunQuery: 1, Commit: 2 }, reads: 1, writes: 3 },
    });
    inFiveSeconds();
    expect(await usedFor(buyer, 'outreach-skipped')).to.deep.equal({
      recordTransaction: recorded,
      targetCustomer: { rpcs: { RunQuery: 1 }, reads: 1, writes: 0 },
    });
  });

  it('holds while somebody may pause all sending, which is obeyed within seconds', async () => {
    const pause = stack.firestore.doc('outreach/everyone');
    await pause.set({ pausedAt: new Date() });
    inFiveSeconds();
    await usedFor(someBuyer(), 'email-deferred');
    await pause.delete();
    inFiveSeconds();
    const { targetCustomer } = await usedFor(someBuyer(), 'email-accepted');
    expect(targetCustomer).to.deep.equal({ rpcs: { RunQuery: 1, Commit: 2 }, reads: 1, writes: 3 });
  });
});
