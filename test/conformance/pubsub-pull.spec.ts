import { status } from '@grpc/grpc-js';
import { expect } from 'chai';
import { Fixture, statusOf } from '../support/pubsub-fixture.ts';
import { onEachPubsub } from '../support/pubsub-targets.ts';

onEachPubsub('Pulled messages', (target) => {
  it('are outstanding and not delivered twice', async () => {
    const fixture = await Fixture.create(target());
    await fixture.publish('a', 'b', 'c');
    const first = await fixture.pull(2);
    const rest = await fixture.pull();
    expect(first).to.have.length(2);
    expect([...first, ...rest].map(({ text }) => text)).to.have.members(['a', 'b', 'c']);
    expect(await fixture.pull()).to.be.empty;
  });

  it('are waited for', async () => {
    const fixture = await Fixture.create(target());
    const waiting = fixture.pullNext();
    await fixture.publish('late');
    expect((await waiting).map(({ text }) => text)).to.deep.equal(['late']);
  });

  it('are gone once they are acknowledged; a second acknowledgement is no error', async () => {
    const fixture = await Fixture.create(target());
    await fixture.publish('taken', 'refused');
    const received = await fixture.pull();
    const idOf = (text: string) => received.find((message) => message.text === text)?.ackId ?? '';
    await fixture.acknowledge(idOf('taken'));
    await fixture.acknowledge(idOf('taken'));
    await fixture.modifyAckDeadline(0, idOf('taken'), idOf('refused'));
    expect((await fixture.pull()).map(({ text }) => text)).to.deep.equal(['refused']);
  });

  it('are delivered again when they are refused, and the old ack ID is void', async () => {
    const fixture = await Fixture.create(target());
    await fixture.publish('again');
    const [first] = await fixture.pull();
    await fixture.modifyAckDeadline(0, first?.ackId ?? '');
    await fixture.acknowledge(first?.ackId ?? '');
    const [second] = await fixture.pull();
    expect(second).to.deep.include({ text: 'again', messageId: first?.messageId, deliveryAttempt: 0 });
    expect(second?.ackId).not.to.equal(first?.ackId);
    await fixture.modifyAckDeadline(0, first?.ackId ?? '');
    expect(await fixture.pull()).to.be.empty;
  });

  it('are delivered again when their deadline has passed', async () => {
    const fixture = await Fixture.create(target());
    await fixture.publish('again');
    const [first] = await fixture.pull();
    await fixture.modifyAckDeadline(1, first?.ackId ?? '');
    target().elapse(1_000);
    const [second] = await fixture.pullNext();
    expect(second?.text).to.equal('again');
    await fixture.acknowledge(second?.ackId ?? '');
  });

  it('have ack IDs that other subscriptions refuse', async () => {
    const fixture = await Fixture.create(target());
    const another = await Fixture.create(target());
    await another.publish('elsewhere');
    const [foreign] = await another.pull();
    const wrong = [[], ['nonsense'], [''], [foreign?.ackId ?? '']];
    for (const ackIds of wrong) {
      expect(await statusOf(fixture.acknowledge(...ackIds))).to.equal(status.INVALID_ARGUMENT);
      expect(await statusOf(fixture.modifyAckDeadline(0, ...ackIds))).to.equal(status.INVALID_ARGUMENT);
    }
    expect(await statusOf(another.modifyAckDeadline(-1, foreign?.ackId ?? ''))).to.equal(
      status.INVALID_ARGUMENT,
    );
    expect(await statusOf(fixture.pull(0))).to.equal(status.INVALID_ARGUMENT);
  });

  it('go to the dead-letter topic after the allowed number of deliveries', async () => {
    const deadLetters = await Fixture.create(target());
    const fixture = await Fixture.create(target(), {
      deadLetterPolicy: { deadLetterTopic: deadLetters.topic, maxDeliveryAttempts: 5 },
    });
    const [original] = await fixture.publish('hopeless');
    for (const deliveryAttempt of [1, 2, 3, 4, 5]) {
      const [received] = await fixture.pullNext();
      expect(received).to.deep.include({ text: 'hopeless', deliveryAttempt });
      await fixture.modifyAckDeadline(0, received?.ackId ?? '');
    }
    // The emulator forwards a message only at the next pull.
    expect(await fixture.pull()).to.be.empty;
    const [dead] = await deadLetters.pullNext();
    expect(dead?.text).to.equal('hopeless');
    expect(dead?.messageId).not.to.equal(original);
    const { CloudPubSubDeadLetterSourceTopicPublishTime: published, ...attributes } = dead?.attributes ?? {};
    expect(attributes).to.deep.equal({
      CloudPubSubDeadLetterSourceDeliveryCount: '5',
      CloudPubSubDeadLetterSourceSubscription: fixture.subscription.split('/').at(-1),
      CloudPubSubDeadLetterSourceSubscriptionProject: target().project,
    });
    expect(published).to.match(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d+Z$/u);
  });
});
