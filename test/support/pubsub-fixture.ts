import type { v1 } from '@google-cloud/pubsub';
import type { PubsubTarget } from './pubsub-targets.ts';

let named = 0;

/** A topic and a subscription for one test. */
export class Fixture {
  readonly topic: string;
  readonly subscription: string;
  readonly #target: PubsubTarget;

  private constructor(target: PubsubTarget) {
    named += 1;
    this.#target = target;
    this.topic = `projects/${target.project}/topics/topic-${named}`;
    this.subscription = `projects/${target.project}/subscriptions/subscription-${named}`;
  }

  /** @param settings of the subscription. */
  static async create(target: PubsubTarget, settings: Settings = {}): Promise<Fixture> {
    const fixture = new Fixture(target);
    await target.publisher.createTopic({ name: fixture.topic });
    await fixture.#subscribe(settings);
    return fixture;
  }

  async #subscribe(settings: Settings): Promise<void> {
    await this.#target.subscriber.createSubscription({
      name: this.subscription,
      topic: this.topic,
      ...settings,
    });
  }

  /** @returns the IDs. */
  async publish(...texts: string[]): Promise<string[]> {
    const messages = texts.map((text) => ({ data: Buffer.from(text) }));
    const [{ messageIds }] = await this.#target.publisher.publish({ topic: this.topic, messages });
    return messageIds ?? [];
  }

  /** The messages that are ready now. */
  async pull(maxMessages = 1_000): Promise<Received[]> {
    return this.#pull({ subscription: this.subscription, maxMessages, returnImmediately: true });
  }

  /** Waits for the next messages. */
  async pullNext(): Promise<Received[]> {
    return this.#pull({ subscription: this.subscription, maxMessages: 1_000 });
  }

  async acknowledge(...ackIds: string[]): Promise<void> {
    await this.#target.subscriber.acknowledge({ subscription: this.subscription, ackIds });
  }

  async modifyAckDeadline(ackDeadlineSeconds: number, ...ackIds: string[]): Promise<void> {
    const { subscriber } = this.#target;
    await subscriber.modifyAckDeadline({ subscription: this.subscription, ackIds, ackDeadlineSeconds });
  }

  async #pull(request: Parameters<v1.SubscriberClient['pull']>[0] & object): Promise<Received[]> {
    const [{ receivedMessages }] = await this.#target.subscriber.pull(request);
    return (receivedMessages ?? []).map(({ ackId, message, deliveryAttempt }) => ({
      ackId: ackId ?? '',
      messageId: message?.messageId ?? '',
      text: Buffer.from(message?.data ?? '').toString(),
      attributes: message?.attributes ?? {},
      deliveryAttempt: deliveryAttempt ?? 0,
    }));
  }
}

type Settings = Parameters<v1.SubscriberClient['createSubscription']>[0] & object;

export interface Received {
  readonly ackId: string;
  readonly messageId: string;
  readonly text: string;
  readonly attributes: Readonly<Record<string, string>>;
  readonly deliveryAttempt: number;
}

/** The gRPC status that the call ends with; 0 when it succeeds. */
export async function statusOf(call: Promise<unknown>): Promise<number> {
  try {
    await call;
    return 0;
  } catch (error) {
    return (error as { code: number }).code;
  }
}
