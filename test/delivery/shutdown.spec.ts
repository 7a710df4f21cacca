import { expect } from 'chai';
import { PurchaseScenario } from '../support/purchase-scenario.ts';
import { mailSend, startGatedStack, type FunctionName, type GatedStack } from '../support/gated-stack.ts';

/** The time between Cloud Run's SIGTERM and its SIGKILL, in ms. */
const CLOUD_RUN_GRACE = 10_000;

describe('an instance that gets SIGTERM', function () {
  this.timeout(90_000);
  let stack: GatedStack;

  before(async () => {
    stack = await startGatedStack({ SENDGRID_TIMEOUT: '60s' });
  });
  after(() => stack.stop());

  /** Sends SIGTERM to a process, then releases what a gate holds, and starts the process again. */
  async function terminate(
    name: FunctionName,
    release: () => void,
  ): Promise<{ code: number | null; took: number }> {
    const asked = Date.now();
    const ended = stack.process(name).terminate();
    release();
    const code = await ended;
    const took = Date.now() - asked;
    await stack.process(name).start();
    return { code, took };
  }

  it('finishes the email it is sending', async () => {
    const scenario = new PurchaseScenario(stack);
    const hold = stack.gates.targetCustomer.sendgrid.hold(mailSend, 'after');
    await scenario.buy();
    await hold.reached;
    const { code, took } = await terminate('targetCustomer', hold.release);
    expect(code).to.equal(0);
    expect(took).to.be.below(CLOUD_RUN_GRACE);
    expect(await scenario.email()).to.include({ status: 'accepted' });
    await stack.eventarc.idle();
    expect(await scenario.acceptedCount()).to.equal(1);
  });

  it('finishes the transaction it is recording, and acknowledges the message', async () => {
    const scenario = new PurchaseScenario(stack);
    const hold = stack.gates.recordTransaction.firestore.hold('Commit', 'before');
    await scenario.buy();
    await hold.reached;
    expect((await terminate('recordTransaction', hold.release)).code).to.equal(0);
    await scenario.decided();
    expect(await scenario.customer()).to.include({ transactions: 1 });
    expect(stack.process('recordTransaction').logs.all(({ event }) => event === 'transaction-duplicate')).to
      .be.empty;
  });

  it('gives up in time on work that does not end, and the message is delivered again', async () => {
    const scenario = new PurchaseScenario(stack);
    const hold = stack.gates.recordTransaction.firestore.hold('Commit', 'before');
    await scenario.buy();
    await hold.reached;
    const { code, took } = await terminate('recordTransaction', () => undefined);
    hold.drop();
    expect(code).to.equal(0);
    expect(took).to.be.below(CLOUD_RUN_GRACE);
    await scenario.decided();
    expect(await scenario.count('transactions')).to.equal(1);
    expect(await scenario.customer()).to.include({ transactions: 1 });
  });

  it('ends at once when it has nothing to do, before its first event and after', async () => {
    for (const name of ['recordTransaction', 'resumeEmails'] as const) {
      expect((await terminate(name, () => undefined)).code).to.equal(0);
    }
  });
});
