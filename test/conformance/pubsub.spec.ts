import { status } from '@grpc/grpc-js';
import { expect } from 'chai';
import { Fixture, statusOf } from '../support/pubsub-fixture.ts';
import { onEachPubsub } from '../support/pubsub-targets.ts';

onEachPubsub('Topics', (target) => {
  const named = (id: string) => ({ name: `projects/${target().project}/topics/${id}` });

  it('are created, found and deleted', async () => {
    const { publisher } = target();
    const { topic } = await Fixture.create(target());
    expect((await publisher.getTopic({ topic }))[0].name).to.equal(topic);
    expect(await statusOf(publisher.createTopic({ name: topic }))).to.equal(status.ALREADY_EXISTS);
    await publisher.deleteTopic({ topic });
    expect(await statusOf(publisher.getTopic({ topic }))).to.equal(status.NOT_FOUND);
    expect(await statusOf(publisher.deleteTopic({ topic }))).to.equal(status.NOT_FOUND);
  });

  it('have names of the documented form', async () => {
    const { publisher } = target();
    for (const id of ['ab', '1abc', 'goog-topic', 'a b c', 'a/b/c', 'a'.repeat(256)]) {
      expect(await statusOf(publisher.createTopic(named(id))), id).to.equal(status.INVALID_ARGUMENT);
    }
    for (const id of ['abc', 'A1-_.~+%', 'a'.repeat(255)]) {
      expect(await statusOf(publisher.createTopic(named(id))), id).to.equal(status.OK);
    }
    expect(await statusOf(publisher.createTopic({ name: 'abc' }))).to.equal(status.INVALID_ARGUMENT);
  });

  it('are outlived by their subscriptions', async () => {
    const { publisher, subscriber } = target();
    const fixture = await Fixture.create(target());
    const { topic, subscription } = fixture;
    await fixture.publish('kept');
    await publisher.deleteTopic({ topic });
    expect((await subscriber.getSubscription({ subscription }))[0].topic).to.equal('_deleted-topic_');
    expect((await fixture.pull()).map(({ text }) => text)).to.deep.equal(['kept']);
  });
});

onEachPubsub('Publishing', (target) => {
  it('delivers each message to every subscription', async () => {
    const fixture = await Fixture.create(target());
    const { topic } = fixture;
    const another = `${fixture.subscription}-too`;
    await target().subscriber.createSubscription({ name: another, topic });
    const attributes = { vendor: 'acme', 'a key': 'ä value' };
    const data = Buffer.from([0, 255, 128]);
    const [{ messageIds }] = await target().publisher.publish({
      topic,
      messages: [{ data, attributes, orderingKey: 'a' }],
    });
    for (const subscription of [fixture.subscription, another]) {
      const [{ receivedMessages }] = await target().subscriber.pull({ subscription, maxMessages: 10 });
      expect(receivedMessages).to.have.length(1);
      const message = receivedMessages?.[0]?.message;
      expect(message).to.deep.include({ data, attributes, orderingKey: 'a', messageId: messageIds?.[0] });
      expect(Number(message?.publishTime?.seconds)).to.be.above(Date.UTC(2026, 0, 1) / 1_000 - 1);
    }
  });

  it('answers with one unique ID for each message, in their order', async () => {
    const fixture = await Fixture.create(target());
    const ids = await fixture.publish('first', 'second', 'third');
    const received = await fixture.pull();
    expect(new Set(ids).size).to.equal(3);
    const texts = ids.map((id) => received.find(({ messageId }) => messageId === id)?.text);
    expect(texts).to.deep.equal(['first', 'second', 'third']);
  });

  it('does not reach subscriptions that are created later', async () => {
    const fixture = await Fixture.create(target());
    await fixture.publish('early');
    const name = `${fixture.subscription}-later`;
    await target().subscriber.createSubscription({ name, topic: fixture.topic });
    const request = { subscription: name, maxMessages: 1, returnImmediately: true };
    expect((await target().subscriber.pull(request))[0].receivedMessages).to.be.empty;
  });

  it('accepts a message without data, and one of 9 MB', async () => {
    const fixture = await Fixture.create(target());
    const { topic } = fixture;
    await target().publisher.publish({ topic, messages: [{ attributes: { only: 'this' } }] });
    expect(await fixture.pull()).to.have.nested.property('[0].attributes.only', 'this');
    await target().publisher.publish({ topic, messages: [{ data: Buffer.alloc(9_000_000) }] });
    expect(await fixture.pull()).to.have.nested.property('[0].text.length', 9_000_000);
  });

  it('refuses empty messages, too many messages, and unknown topics', async () => {
    const { topic } = await Fixture.create(target());
    const publish = (messages: object[], to = topic) =>
      statusOf(target().publisher.publish({ topic: to, messages }));
    const full = { data: Buffer.from('x') };
    expect(await publish([])).to.equal(status.INVALID_ARGUMENT);
    expect(await publish([full, {}])).to.equal(status.INVALID_ARGUMENT);
    expect(await publish(Array.from({ length: 1_001 }, () => full))).to.equal(status.INVALID_ARGUMENT);
    expect(await publish(Array.from({ length: 1_000 }, () => full))).to.equal(status.OK);
    expect(await publish([full], `${topic}-none`)).to.equal(status.NOT_FOUND);
  });
});

onEachPubsub('Subscriptions', (target) => {
  const create = async (settings: object) => {
    const { topic, subscription } = await Fixture.create(target());
    const name = `${subscription}-created`;
    return target().subscriber.createSubscription({ name, topic, ...settings });
  };
  const seconds = (duration: number) => ({ seconds: duration });

  it('have the documented defaults', async () => {
    const [settings] = await create({});
    expect(settings).to.deep.include({
      ackDeadlineSeconds: 10,
      messageRetentionDuration: { seconds: '604800', nanos: 0 },
      retryPolicy: null,
      deadLetterPolicy: null,
    });
    expect(settings.pushConfig?.pushEndpoint).to.equal('');
    const [{ retryPolicy }] = await create({ retryPolicy: {} });
    expect(retryPolicy).to.deep.equal({
      minimumBackoff: { seconds: '10', nanos: 0 },
      maximumBackoff: { seconds: '600', nanos: 0 },
    });
  });

  it('keep the settings they were created with', async () => {
    const { topic } = await Fixture.create(target());
    const [{ name }] = await create({
      ackDeadlineSeconds: 60,
      messageRetentionDuration: { seconds: 600, nanos: 0 },
      retryPolicy: { minimumBackoff: { nanos: 100_000_000 }, maximumBackoff: { seconds: 30 } },
      deadLetterPolicy: { deadLetterTopic: topic },
      pushConfig: {
        pushEndpoint: 'http://127.0.0.1:1/somewhere',
        oidcToken: { serviceAccountEmail: 'push@example.com', audience: 'the-function' },
      },
    });
    const [found] = await target().subscriber.getSubscription({ subscription: name ?? '' });
    expect(found).to.deep.include({
      ackDeadlineSeconds: 60,
      messageRetentionDuration: { seconds: '600', nanos: 0 },
      retryPolicy: {
        minimumBackoff: { seconds: '0', nanos: 100_000_000 },
        maximumBackoff: { seconds: '30', nanos: 0 },
      },
      deadLetterPolicy: { deadLetterTopic: topic, maxDeliveryAttempts: 5 },
    });
    expect(found.pushConfig).to.deep.include({
      pushEndpoint: 'http://127.0.0.1:1/somewhere',
      oidcToken: { serviceAccountEmail: 'push@example.com', audience: 'the-function' },
    });
  });

  it('refuse settings out of bounds', async () => {
    const { topic: deadLetterTopic } = await Fixture.create(target());
    const cases: [number, object][] = [
      [status.INVALID_ARGUMENT, { ackDeadlineSeconds: 601 }],
      [status.INVALID_ARGUMENT, { ackDeadlineSeconds: -1 }],
      [status.INVALID_ARGUMENT, { messageRetentionDuration: seconds(599) }],
      [status.INVALID_ARGUMENT, { messageRetentionDuration: seconds(32 * 86_400) }],
      [status.INVALID_ARGUMENT, { retryPolicy: { minimumBackoff: seconds(601) } }],
      [status.INVALID_ARGUMENT, { retryPolicy: { maximumBackoff: seconds(601) } }],
      [status.INVALID_ARGUMENT, { retryPolicy: { maximumBackoff: seconds(5) } }],
      [status.INVALID_ARGUMENT, { pushConfig: { pushEndpoint: 'nowhere' } }],
      [status.OUT_OF_RANGE, { deadLetterPolicy: { deadLetterTopic, maxDeliveryAttempts: 4 } }],
      [status.OUT_OF_RANGE, { deadLetterPolicy: { deadLetterTopic, maxDeliveryAttempts: 101 } }],
      [status.NOT_FOUND, { deadLetterPolicy: { deadLetterTopic: `${deadLetterTopic}-none` } }],
      [status.NOT_FOUND, { topic: `${deadLetterTopic}-none` }],
      [status.INVALID_ARGUMENT, { topic: 'nothing' }],
      [status.INVALID_ARGUMENT, { name: 'nothing' }],
    ];
    for (const [expected, settings] of cases) {
      expect(await statusOf(create(settings)), JSON.stringify(settings)).to.equal(expected);
    }
  });

  it('are created once, and deleted with their messages', async () => {
    const { subscriber } = target();
    const fixture = await Fixture.create(target());
    const { topic, subscription } = fixture;
    expect(await statusOf(subscriber.createSubscription({ name: subscription, topic }))).to.equal(
      status.ALREADY_EXISTS,
    );
    await fixture.publish('dropped');
    await subscriber.deleteSubscription({ subscription });
    expect(await statusOf(fixture.pull())).to.equal(status.NOT_FOUND);
    expect(await statusOf(subscriber.getSubscription({ subscription }))).to.equal(status.NOT_FOUND);
    expect(await statusOf(subscriber.deleteSubscription({ subscription }))).to.equal(status.NOT_FOUND);
    await subscriber.createSubscription({ name: subscription, topic });
    expect(await fixture.pull()).to.be.empty;
  });
});
