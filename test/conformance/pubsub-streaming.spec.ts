import { on, once, type EventEmitter } from 'node:events';
import type { Message, Subscription } from '@google-cloud/pubsub';
import { status } from '@grpc/grpc-js';
import { expect } from 'chai';
import { Fixture } from '../support/pubsub-fixture.ts';
import { embeddedOnly, onEachPubsub, type PubsubTarget } from '../support/pubsub-targets.ts';

interface Call extends EventEmitter {
  write(request: object): void;
  cancel(): void;
}

interface Response {
  readonly receivedMessages: readonly { readonly ackId: string; readonly deliveryAttempt: number }[];
}

/** The calls without what Google's client adds. */
interface Stub {
  streamingPull(options: object): Call;
  pull(request: object, callback: (error: { code: number } | null) => void): { cancel(): void };
}

async function stubOf({ subscriber }: PubsubTarget): Promise<Stub> {
  await subscriber.initialize();
  return (await subscriber.subscriberStub) as unknown as Stub;
}

/** One call of StreamingPull. */
class PullStream {
  readonly #call: Call;
  readonly #responses: AsyncIterator<unknown>;
  /** The status that the call ends with. */
  readonly end: Promise<number>;

  private constructor(call: Call) {
    this.#call = call;
    this.#responses = on(call, 'data');
    this.end = new Promise((resolve) => {
      call.once('status', ({ code }: { code: number }) => resolve(code));
    });
  }

  static async open(target: PubsubTarget, request: object): Promise<PullStream> {
    const stub = await stubOf(target);
    const stream = new PullStream(stub.streamingPull({}));
    stream.write(request);
    return stream;
  }

  write(request: object): void {
    this.#call.write(request);
  }

  /** Resolves with the messages in the next response. */
  async nextMessages(): Promise<Response['receivedMessages']> {
    const { value } = (await this.#responses.next()) as { value: [Response] };
    return value[0].receivedMessages;
  }

  /** Resolves with the ack IDs of the messages in the next response. */
  async next(): Promise<string[]> {
    return (await this.nextMessages()).map(({ ackId }) => ackId);
  }

  cancel(): void {
    this.#call.cancel();
  }
}

onEachPubsub('Streaming pull', (target) => {
  /** Google's client listening, until the test of the messages is true. */
  async function receive(
    subscription: Subscription,
    onMessage: (message: Message) => void,
    isEnough: () => boolean,
  ): Promise<void> {
    subscription.on('message', onMessage);
    while (!isEnough()) await once(subscription, 'message');
    await subscription.close();
  }

  it("delivers every message to Google's client, and none again after its acknowledgement", async () => {
    const fixture = await Fixture.create(target());
    const texts = Array.from({ length: 50 }, (_, index) => `message ${index}`);
    await fixture.publish(...texts.slice(0, 25));
    const received: string[] = [];
    const receiving = receive(
      target().pubsub.subscription(fixture.subscription),
      (message) => {
        received.push(message.data.toString());
        message.ack();
      },
      () => received.length >= texts.length,
    );
    await fixture.publish(...texts.slice(25));
    await receiving;
    expect(received).to.have.members(texts);
    expect(await fixture.pull()).to.be.empty;
  });

  it("delivers a message again that Google's client refuses", async () => {
    const fixture = await Fixture.create(target());
    await fixture.publish('twice');
    const ids: string[] = [];
    await receive(
      target().pubsub.subscription(fixture.subscription),
      (message) => {
        ids.push(message.id);
        if (ids.length === 1) message.nack();
        else message.ack();
      },
      () => ids.length === 2,
    );
    expect(new Set(ids).size).to.equal(1);
  });

  it('takes acknowledgements and refusals on the stream itself', async () => {
    const fixture = await Fixture.create(target());
    const { subscription } = fixture;
    const stream = await PullStream.open(target(), { subscription, streamAckDeadlineSeconds: 10 });
    await fixture.publish('refused');
    const refused = await stream.next();
    stream.write({ modifyDeadlineAckIds: refused, modifyDeadlineSeconds: [0] });
    const taken = await stream.next();
    expect(taken).not.to.deep.equal(refused);
    stream.write({ ackIds: taken, modifyDeadlineAckIds: taken, modifyDeadlineSeconds: [0] });
    await fixture.publish('next');
    const next = await stream.next();
    expect(next).to.have.length(1);
    await fixture.acknowledge(...next);
    expect(await fixture.pull()).to.be.empty;
    stream.cancel();
  });

  it('ends with the documented status when a request is wrong', async () => {
    const { subscription } = await Fixture.create(target());
    const good = { subscription, streamAckDeadlineSeconds: 10 };
    const statusOfFirst = async (request: object) => (await PullStream.open(target(), request)).end;
    expect(await statusOfFirst({})).to.equal(status.INVALID_ARGUMENT);
    expect(await statusOfFirst({ subscription })).to.equal(status.INVALID_ARGUMENT);
    expect(await statusOfFirst({ ...good, streamAckDeadlineSeconds: 9 })).to.equal(status.INVALID_ARGUMENT);
    expect(await statusOfFirst({ ...good, subscription: `${subscription}-none` })).to.equal(status.NOT_FOUND);
    for (const second of [
      { subscription },
      { ackIds: ['nonsense'] },
      { modifyDeadlineAckIds: [`${subscription}:1`] },
    ]) {
      const stream = await PullStream.open(target(), good);
      stream.write(second);
      expect(await stream.end, JSON.stringify(second)).to.equal(status.INVALID_ARGUMENT);
    }
  });

  it('ends when its subscription is deleted', async () => {
    const fixture = await Fixture.create(target());
    const { subscription } = fixture;
    await fixture.publish('a sign that the stream is open');
    const stream = await PullStream.open(target(), { subscription, streamAckDeadlineSeconds: 10 });
    await stream.next();
    await target().subscriber.deleteSubscription({ subscription });
    expect(await stream.end).to.equal(status.NOT_FOUND);
  });
});

embeddedOnly('Streaming pull', (target) => {
  // The emulator does not. Google's client then replaces the stream after 45 s (message-stream.js in its package).
  it('answers keep-alive requests', async () => {
    const { subscription } = await Fixture.create(target());
    const stream = await PullStream.open(target(), {
      subscription,
      streamAckDeadlineSeconds: 10,
      protocolVersion: 1,
    });
    stream.write({});
    expect(await stream.next()).to.be.empty;
    stream.cancel();
  });

  // The emulator ignores both limits: https://cloud.google.com/pubsub/docs/reference/rpc/google.pubsub.v1#streamingpullrequest
  it("keeps to the client's limit of outstanding messages", async () => {
    const fixture = await Fixture.create(target());
    const { subscription } = fixture;
    await fixture.publish('a', 'b', 'c', 'd', 'e');
    const request = { subscription, streamAckDeadlineSeconds: 10, maxOutstandingMessages: 2 };
    const stream = await PullStream.open(target(), request);
    const outstanding = await stream.next();
    while (outstanding.length < 2) outstanding.push(...(await stream.next()));
    expect(outstanding).to.have.length(2);
    expect(await fixture.pull()).to.have.length(3);
    await fixture.publish('f', 'g', 'h');
    stream.write({ ackIds: outstanding });
    const more = await stream.next();
    while (more.length < 2) more.push(...(await stream.next()));
    expect(more).to.have.length(2);
    expect(await fixture.pull()).to.have.length(1);
    stream.cancel();
  });

  // The emulator notices a cancellation at some later time.
  it('takes no messages after it was cancelled, and neither does a pull', async () => {
    const fixture = await Fixture.create(target());
    const { subscription } = fixture;
    const { subscriber } = target();
    const stream = await PullStream.open(target(), { subscription, streamAckDeadlineSeconds: 10 });
    const stub = await stubOf(target());
    const pullStatus = new Promise((resolve) => {
      const pull = stub.pull({ subscription, maxMessages: 1 }, (error) => resolve(error?.code));
      // The answer to a later call proves that it has arrived.
      void subscriber.getSubscription({ subscription }).then(() => pull.cancel());
    });
    expect(await pullStatus).to.equal(status.CANCELLED);
    stream.cancel();
    expect(await stream.end).to.equal(status.CANCELLED);
    await subscriber.getSubscription({ subscription });
    await fixture.publish('left');
    expect(await fixture.pull()).to.have.length(1);
  });

  it('uses the ack deadline of the stream', async () => {
    const deadLetters = await Fixture.create(target());
    const deadLetterPolicy = { deadLetterTopic: deadLetters.topic, maxDeliveryAttempts: 100 };
    const fixture = await Fixture.create(target(), { ackDeadlineSeconds: 10, deadLetterPolicy });
    const { subscription } = fixture;
    await fixture.publish('again');
    const stream = await PullStream.open(target(), { subscription, streamAckDeadlineSeconds: 60 });
    const nextAttempts = async () =>
      (await stream.nextMessages()).map(({ deliveryAttempt }) => deliveryAttempt);
    expect(await nextAttempts()).to.deep.equal([1]);
    stream.write({ streamAckDeadlineSeconds: 120 });
    expect(await nextAttempts(), 'the answer to the new deadline').to.be.empty;
    target().elapse(60_000);
    expect(await nextAttempts()).to.deep.equal([2]);
    stream.write({});
    expect(await nextAttempts(), 'no other delivery until now').to.be.empty;
    target().elapse(120_000);
    expect(await nextAttempts()).to.deep.equal([3]);
    stream.write({});
    expect(await nextAttempts(), 'no other delivery until now').to.be.empty;
    stream.cancel();
  });

  it("keeps to the client's limit of outstanding bytes", async () => {
    const fixture = await Fixture.create(target());
    const { subscription } = fixture;
    await fixture.publish('x'.repeat(600), 'x'.repeat(600), 'x'.repeat(600));
    const stream = await PullStream.open(target(), {
      subscription,
      streamAckDeadlineSeconds: 10,
      maxOutstandingBytes: 1_000,
    });
    const ackIds = await stream.next();
    expect(ackIds).to.have.length(2);
    stream.write({ ackIds });
    expect(await stream.next()).to.have.length(1);
    stream.cancel();
  });
});
