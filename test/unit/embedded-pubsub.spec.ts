import { expect } from 'chai';
import fc from 'fast-check';
import { Broker } from '../../local/cloud/pubsub/broker.ts';
import type { Delivery } from '../../local/cloud/pubsub/delivery.ts';
import type { Subscription } from '../../local/cloud/pubsub/subscription.ts';
import { VirtualClock } from '../support/virtual-clock.ts';

const topic = 'projects/test/topics/purchases';
const name = 'projects/test/subscriptions/purchases';

function subscribed(settings: object = {}) {
  const clock = new VirtualClock();
  const broker = new Broker(clock, () => undefined);
  broker.createTopic({ name: topic });
  const subscription = broker.createSubscription({ name, topic, ...settings });
  const publish = (count: number) => {
    const message = { data: Buffer.from('x'), attributes: {}, orderingKey: '' };
    return broker.publish(
      topic,
      Array.from({ length: count }, () => message),
    );
  };
  return { clock, broker, subscription, publish };
}

/** Takes up to `room` messages and leaves them outstanding. */
function consumer(subscription: Subscription, room: number) {
  const taken: Delivery[] = [];
  let hasEnded = false;
  const offer = (): void => {
    taken.push(...subscription.take({ messages: room - taken.length }));
  };
  subscription.attach({ offer, end: () => (hasEnded = true) });
  return { taken, hasEnded: () => hasEnded };
}

describe('the core of the embedded Pub/Sub', () => {
  it('backs off from a push endpoint without a retry policy, by 100 ms up to a minute', () => {
    const pushConfig = { pushEndpoint: 'http://127.0.0.1:1/', attributes: {} };
    const { clock, subscription, publish } = subscribed({ pushConfig });
    publish(1);
    for (const wait of [100, 200, 400, 800, 1_600, 3_200, 6_400, 12_800, 25_600, 51_200, 60_000, 60_000]) {
      const [delivery] = subscription.take({ messages: 1 });
      subscription.modifyAckDeadline([delivery?.ackId ?? ''], 0);
      clock.advance(wait - 1);
      expect(subscription.take({ messages: 1 })).to.be.empty;
      clock.advance(1);
    }
  });

  it('lets consumers take turns', () => {
    const { subscription, publish } = subscribed();
    const consumers = [4, 4, 2].map((room) => consumer(subscription, room));
    for (let count = 0; count < 9; count += 1) publish(1);
    expect(consumers.map(({ taken }) => taken.length)).to.have.members([4, 3, 2]);
    publish(2);
    expect(consumers.map(({ taken }) => taken.length)).to.deep.equal([4, 4, 2]);
    expect(subscription.take({ messages: 10 })).to.have.length(1);
  });

  it('drops the messages of a deleted subscription and ends its consumers', () => {
    const { broker, clock, subscription, publish } = subscribed();
    const { taken, hasEnded } = consumer(subscription, 1);
    publish(3);
    broker.deleteSubscription(name);
    clock.advance(3_600_000);
    expect(hasEnded()).to.be.true;
    expect(taken).to.have.length(1);
    expect(subscription.take({ messages: 9 })).to.be.empty;
  });

  it('delivers every message until it is acknowledged, and never twice at the same time', () => {
    const moves = fc.array(
      fc.record({
        kind: fc.constantFrom('publish', 'take', 'acknowledge', 'refuse', 'prolong', 'wait'),
        number: fc.integer({ min: 1, max: 30 }),
      }),
      { maxLength: 60 },
    );
    fc.assert(
      fc.property(moves, (sequence) => {
        const retryPolicy = {
          minimumBackoff: { seconds: 1, nanos: 0 },
          maximumBackoff: { seconds: 4, nanos: 0 },
        };
        const { clock, subscription, publish } = subscribed({ retryPolicy });
        const published: string[] = [];
        const acknowledged = new Set<string>();
        /** Outstanding deliveries, with their deadlines. */
        const outstanding = new Map<Delivery, number>();
        const take = (messages: number): void => {
          for (const delivery of subscription.take({ messages })) {
            const { messageId } = delivery.message;
            expect(acknowledged).not.to.include(messageId);
            for (const [other, until] of outstanding) {
              if (other.message.messageId === messageId) expect(until).to.be.at.most(clock.now());
            }
            outstanding.set(delivery, clock.now() + 10_000);
          }
        };
        for (const { kind, number } of sequence) {
          const [delivery, until] = [...outstanding][number % Math.max(outstanding.size, 1)] ?? [];
          if (kind === 'publish') published.push(...publish(number));
          else if (kind === 'take') take(number);
          else if (kind === 'wait') clock.advance(number * 400);
          else if (delivery !== undefined && (until ?? 0) > clock.now()) {
            const ackIds = [delivery.ackId];
            if (kind === 'prolong') {
              subscription.modifyAckDeadline(ackIds, number);
              outstanding.set(delivery, clock.now() + number * 1_000);
              continue;
            }
            outstanding.delete(delivery);
            if (kind === 'refuse') subscription.modifyAckDeadline(ackIds, 0);
            else {
              subscription.acknowledge(ackIds);
              acknowledged.add(delivery.message.messageId);
            }
          }
        }
        clock.advance(60_000);
        const left = subscription.take({ messages: 10_000 }).map(({ message }) => message.messageId);
        expect([...left, ...acknowledged]).to.have.members(published);
      }),
    );
  });
});
