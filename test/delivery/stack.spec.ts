import { expect } from 'chai';
import { startProductionStack, type ProductionStack } from '../../local/production/stack.ts';
import { answers } from '../../operations/target/local-stack.ts';
import { purchaseOf, someBuyer } from '../support/purchases.ts';

const names = ['recordTransaction', 'targetCustomer', 'resumeEmails'];

describe('the production-shaped stack', function () {
  this.timeout(90_000);
  let stack: ProductionStack;

  before(async () => {
    stack = await startProductionStack({ functions: names });
  });
  after(() => stack.stop());

  it('turns a purchase on its topic into an email', async () => {
    const buyer = someBuyer();
    const messageId = await stack.publish('transactions', purchaseOf(buyer, Date.now()));
    await stack.process('recordTransaction').logs.until((line) => line['messageId'] === messageId);
    const [sent] = await stack
      .process('targetCustomer')
      .logs.until(({ event, customerId }) => event === 'email-accepted' && customerId === buyer.customerId);
    expect(sent).to.include({ emailId: `${buyer.customerId}~1` });
  });

  it('has the same subscriptions as the cloud', async () => {
    const [{ retryPolicy, deadLetterPolicy, messageRetentionDuration, pushConfig }] = await stack.pubsub
      .subscription('record-transaction')
      .getMetadata();
    expect(retryPolicy).to.deep.equal({
      minimumBackoff: { seconds: '10', nanos: 0 },
      maximumBackoff: { seconds: '600', nanos: 0 },
    });
    expect(deadLetterPolicy).to.deep.equal({
      deadLetterTopic: 'projects/demo-farmacy/topics/transactions-dead-letters',
      maxDeliveryAttempts: 20,
    });
    expect(messageRetentionDuration).to.deep.equal({ seconds: '604800', nanos: 0 });
    expect(pushConfig)
      .to.have.property('pushEndpoint')
      .that.matches(/\/topics\/transactions$/);
  });

  it('delivers an event again until its function is up', async () => {
    const buyer = someBuyer();
    const target = stack.process('targetCustomer');
    await target.kill();
    const messageId = await stack.publish('transactions', purchaseOf(buyer, Date.now()));
    await stack.process('recordTransaction').logs.until((line) => line['messageId'] === messageId);
    await target.start();
    await target.logs.until(
      ({ event, customerId }) => event === 'email-accepted' && customerId === buyer.customerId,
    );
  });

  it('leaves nothing behind', async () => {
    const another = await startProductionStack({ functions: names });
    const { services } = another;
    const hosts = [
      services.firestore,
      ...[services.sendgrid, services.analytics].map((url) => new URL(url).host),
    ];
    const urls = names.map((name) => new URL(another.process(name).url).host);
    await another.stop();
    for (const host of [...hosts, ...urls]) {
      expect(await answers(Number(host.split(':')[1])), host).to.equal(false);
    }
    const fails = await startProductionStack({ nodeOptions: ['--no-such-option'] }).catch(String);
    expect(fails).to.contain('no-such-option');
  });
});
