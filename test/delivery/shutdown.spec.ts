import { expect } from 'chai';
import { DeliveryStory } from '../support/delivery-story.ts';
import { mailSend, startGatedStack, type FunctionName, type GatedStack } from '../support/gated-stack.ts';

/** Cloud Run kills an instance so long after it has asked it to end, in ms. */
const CLOUD_RUN_PATIENCE = 10_000;

describe('an instance that is asked to end', function () {
  this.timeout(90_000);
  let stack: GatedStack;

  before(async () => {
    stack = await startGatedStack({ SENDGRID_TIMEOUT: '60s' });
  });
  after(() => stack.stop());

  /** Asks a process to end while something is held, lets that go on, and starts the process again. */
  async function terminate(
    name: FunctionName,
    goOn: () => void,
  ): Promise<{ code: number | null; took: number }> {
    const asked = Date.now();
    const ended = stack.process(name).terminate();
    goOn();
    const code = await ended;
    const took = Date.now() - asked;
    await stack.process(name).start();
    return { code, took };
  }

  it('finishes the email it is sending', async () => {
    const story = new DeliveryStory(stack);
    const hold = stack.gates.targetCustomer.sendgrid.hold(mailSend, 'after');
    await story.buy();
    await hold.reached;
    const { code, took } = await terminate('targetCustomer', hold.release);
    expect(code).to.equal(0);
    expect(took).to.be.below(CLOUD_RUN_PATIENCE);
    expect(await story.email()).to.include({ status: 'accepted' });
    await stack.eventarc.idle();
    expect(await story.timesAccepted()).to.equal(1);
  });

  it('finishes the transaction it is recording, and says so to Pub/Sub', async () => {
    const story = new DeliveryStory(stack);
    const hold = stack.gates.recordTransaction.firestore.hold('Commit', 'before');
    await story.buy();
    await hold.reached;
    expect((await terminate('recordTransaction', hold.release)).code).to.equal(0);
    await story.decided();
    expect(await story.customer()).to.include({ transactions: 1 });
    expect(stack.process('recordTransaction').logs.all(({ event }) => event === 'transaction-duplicate')).to
      .be.empty;
  });

  it('gives up in time what does not end, and the event comes again', async () => {
    const story = new DeliveryStory(stack);
    const hold = stack.gates.recordTransaction.firestore.hold('Commit', 'before');
    await story.buy();
    await hold.reached;
    const { code, took } = await terminate('recordTransaction', () => undefined);
    hold.drop();
    expect(code).to.equal(0);
    expect(took).to.be.below(CLOUD_RUN_PATIENCE);
    await story.decided();
    expect(await story.count('transactions')).to.equal(1);
    expect(await story.customer()).to.include({ transactions: 1 });
  });

  it('ends at once when it has nothing to do, whether it ever had or not', async () => {
    for (const name of ['recordTransaction', 'resumeEmails'] as const) {
      expect((await terminate(name, () => undefined)).code).to.equal(0);
    }
  });
});
