import { status } from '@grpc/grpc-js';
import { expect } from 'chai';
import { Fixture, statusOf } from '../support/pubsub-fixture.ts';
import { embeddedOnly } from '../support/pubsub-targets.ts';

const REFERENCE = 'https://cloud.google.com/pubsub/docs/reference/rpc/google.pubsub.v1';

/**
 * Where Google's emulator differs from Google's documentation, with the source. The specs of streams and pushes list
 * their own differences.
 */
const differences = {
  attributes: 'https://cloud.google.com/pubsub/quotas#resource_limits',
  requestSize: 'https://cloud.google.com/pubsub/quotas#resource_limits',
  backoff: 'https://cloud.google.com/pubsub/docs/handling-failures#subscription_retry_policy',
  shortestDeadline: `${REFERENCE}#subscription (ack_deadline_seconds)`,
  longestDeadline: `${REFERENCE}#modifyackdeadlinerequest (ack_deadline_seconds)`,
  retention: `${REFERENCE}#subscription (message_retention_duration)`,
};

embeddedOnly("Where Google's emulator differs from the documentation", (target) => {
  it(`messages have limits of attributes: ${differences.attributes}`, async () => {
    const { topic } = await Fixture.create(target());
    const publish = (attributes: Record<string, string>) =>
      statusOf(target().publisher.publish({ topic, messages: [{ attributes }] }));
    const many = (count: number) =>
      Object.fromEntries(Array.from({ length: count }, (_, index) => [`key ${index}`, '']));
    for (const accepted of [
      many(100),
      { ['k'.repeat(256)]: 'v'.repeat(1_024) },
      { googclient_traceparent: '00' },
    ]) {
      expect(await publish(accepted)).to.equal(status.OK);
    }
    for (const refused of [
      many(101),
      { ['k'.repeat(257)]: '' },
      { ['ä'.repeat(129)]: '' },
      { key: 'v'.repeat(1_025) },
      { google: 'v' },
    ]) {
      expect(await publish(refused), JSON.stringify(refused).slice(0, 50)).to.equal(status.INVALID_ARGUMENT);
    }
  });

  it(`a publish request has at most 10 MB, where the emulator does not answer: ${differences.requestSize}`, async () => {
    const { topic } = await Fixture.create(target());
    const half = { data: Buffer.alloc(5_500_000) };
    const publish = target().publisher.publish({ topic, messages: [half, half] });
    expect(await statusOf(publish)).to.equal(status.INVALID_ARGUMENT);
  });

  it(`the backoff starts with the first failure and doubles: ${differences.backoff}`, async () => {
    const fixture = await Fixture.create(target(), {
      retryPolicy: { minimumBackoff: { seconds: 10 }, maximumBackoff: { seconds: 35 } },
    });
    await fixture.publish('refused');
    for (const wait of [10_000, 20_000, 35_000, 35_000]) {
      const [received] = await fixture.pull();
      await fixture.modifyAckDeadline(0, received?.ackId ?? '');
      target().elapse(wait - 1);
      expect(await fixture.pull()).to.be.empty;
      target().elapse(1);
    }
    expect(await fixture.pull()).to.have.length(1);
  });

  it(`an ack deadline has at least 10 s: ${differences.shortestDeadline}`, async () => {
    const shorter = Fixture.create(target(), { ackDeadlineSeconds: 9 });
    expect(await statusOf(shorter)).to.equal(status.INVALID_ARGUMENT);
  });

  it(`an ack deadline is extended by at most 600 s: ${differences.longestDeadline}`, async () => {
    const fixture = await Fixture.create(target());
    await fixture.publish('held');
    const [received] = await fixture.pull();
    const prolonged = (seconds: number) => fixture.modifyAckDeadline(seconds, received?.ackId ?? '');
    expect(await statusOf(prolonged(600))).to.equal(status.OK);
    expect(await statusOf(prolonged(601))).to.equal(status.INVALID_ARGUMENT);
  });

  it(`messages are kept for up to 31 days: ${differences.retention}`, async () => {
    const day = 86_400;
    const fixture = await Fixture.create(target(), { messageRetentionDuration: { seconds: 31 * day } });
    await fixture.publish('old');
    target().elapse(31 * day * 1_000 - 1);
    await fixture.publish('new');
    target().elapse(1);
    expect((await fixture.pull()).map(({ text }) => text)).to.deep.equal(['new']);
  });
});

embeddedOnly('Deadlines and dead letters, on a virtual clock', (target) => {
  it('a message is outstanding for the ack deadline of its subscription', async () => {
    const fixture = await Fixture.create(target(), { ackDeadlineSeconds: 20 });
    await fixture.publish('again');
    await fixture.pull();
    target().elapse(19_999);
    expect(await fixture.pull()).to.be.empty;
    target().elapse(1);
    expect(await fixture.pull()).to.have.length(1);
  });

  it('an acknowledgement after the deadline counts until the message is delivered again', async () => {
    const fixture = await Fixture.create(target());
    await fixture.publish('late');
    const [first] = await fixture.pull();
    target().elapse(10_000);
    await fixture.acknowledge(first?.ackId ?? '');
    expect(await fixture.pull()).to.be.empty;
    await fixture.publish('too late');
    const [second] = await fixture.pull();
    target().elapse(10_000);
    const [third] = await fixture.pull();
    await fixture.acknowledge(second?.ackId ?? '');
    target().elapse(10_000);
    expect(await fixture.pull(), 'after its second deadline').to.have.length(1);
    expect(third?.text).to.equal('too late');
  });

  it('a refusal after the deadline changes nothing', async () => {
    const deadLetters = await Fixture.create(target());
    const deadLetterPolicy = { deadLetterTopic: deadLetters.topic, maxDeliveryAttempts: 5 };
    const fixture = await Fixture.create(target(), { deadLetterPolicy });
    await fixture.publish('late');
    const [first] = await fixture.pull();
    target().elapse(10_000);
    await fixture.modifyAckDeadline(0, first?.ackId ?? '');
    expect((await fixture.pull()).map(({ deliveryAttempt }) => deliveryAttempt)).to.deep.equal([2]);
  });

  it('a passed deadline is a failed delivery: it counts, and backs off', async () => {
    const deadLetters = await Fixture.create(target());
    const fixture = await Fixture.create(target(), {
      retryPolicy: { minimumBackoff: { seconds: 60 }, maximumBackoff: { seconds: 60 } },
      deadLetterPolicy: { deadLetterTopic: deadLetters.topic, maxDeliveryAttempts: 5 },
    });
    await fixture.publish('ignored');
    for (const attempt of [1, 2, 3, 4, 5]) {
      expect(await fixture.pull()).to.have.nested.property('[0].deliveryAttempt', attempt);
      target().elapse(10_000);
      expect(await fixture.pull()).to.be.empty;
      target().elapse(60_000);
    }
    expect(await fixture.pull()).to.be.empty;
    expect(await deadLetters.pull()).to.have.length(1);
  });

  it('a message stays when its dead-letter topic is gone', async () => {
    const deadLetters = await Fixture.create(target());
    const fixture = await Fixture.create(target(), {
      deadLetterPolicy: { deadLetterTopic: deadLetters.topic, maxDeliveryAttempts: 5 },
    });
    await target().publisher.deleteTopic({ topic: deadLetters.topic });
    await fixture.publish('kept');
    for (const attempt of [1, 2, 3, 4, 5, 6, 7]) {
      const [received] = await fixture.pull();
      expect(received?.deliveryAttempt).to.equal(attempt);
      await fixture.modifyAckDeadline(0, received?.ackId ?? '');
    }
  });
});

embeddedOnly('What is not implemented', (target) => {
  const named = (method: string) => new RegExp(`UNIMPLEMENTED.*${method}`, 'u');

  async function messageOf(call: Promise<unknown>): Promise<string> {
    return call.then(
      () => 'success',
      (error: unknown) => String(error),
    );
  }

  it('is refused with the name of the method', async () => {
    const { publisher, subscriber, pubsub } = target();
    const { topic, subscription } = await Fixture.create(target());
    const updateMask = { paths: ['labels'] };
    expect(await messageOf(publisher.updateTopic({ topic: { name: topic }, updateMask }))).to.match(
      named('UpdateTopic'),
    );
    expect(await messageOf(publisher.detachSubscription({ subscription }))).to.match(
      named('DetachSubscription'),
    );
    expect(await messageOf(subscriber.seek({ subscription, time: { seconds: 1 } }))).to.match(named('Seek'));
    expect(await messageOf(pubsub.topic(topic).iam.getPolicy())).to.match(named('GetIamPolicy'));
  });

  it('is refused when it would change how a subscription delivers', async () => {
    for (const settings of [
      { filter: 'attributes:vendor' },
      { enableMessageOrdering: true },
      { enableExactlyOnceDelivery: true },
      { retainAckedMessages: true },
      { pushConfig: { pushEndpoint: 'http://127.0.0.1:1/', noWrapper: {} } },
    ]) {
      expect(await statusOf(Fixture.create(target(), settings)), JSON.stringify(settings)).to.equal(
        status.UNIMPLEMENTED,
      );
    }
  });
});
