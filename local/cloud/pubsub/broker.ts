/** All topics and subscriptions. Messages go from the one to the other. */
import type { Host } from './delivery.ts';
import type { Environment } from '../environment.ts';
import { GrpcError } from '../grpc-error.ts';
import { checkPublishable, type Message, type NewMessage } from './messages.ts';
import { checkName, partsOf } from './names.ts';
import { checkedSettings, type RequestedSettings, type SubscriptionSettings } from './settings.ts';
import { Subscription } from './subscription.ts';

/** The topic of a subscription whose topic was deleted. */
const DELETED_TOPIC = '_deleted-topic_';

export interface Topic {
  readonly name: string;
}

/** Its methods throw GrpcError where Pub/Sub refuses the request. Names are full names: `projects/P/topics/T`. */
export class Broker {
  readonly #environment: Environment;
  readonly #onSubscription: (subscription: Subscription) => void;
  readonly #topics = new Map<string, Topic>();
  readonly #subscriptions = new Map<string, Subscription>();
  #lastId = 0;

  /** @param onSubscription receives each new subscription, to attach a push consumer. */
  constructor(environment: Environment, onSubscription: (subscription: Subscription) => void) {
    this.#environment = environment;
    this.#onSubscription = onSubscription;
  }

  createTopic({ name }: Topic): Topic {
    checkName('topics', name);
    if (this.#topics.has(name)) throw new GrpcError('ALREADY_EXISTS', 'Topic already exists');
    const topic = { name };
    this.#topics.set(name, topic);
    return topic;
  }

  topic(name: string): Topic {
    checkName('topics', name);
    const topic = this.#topics.get(name);
    if (topic === undefined) throw new GrpcError('NOT_FOUND', 'Topic not found');
    return topic;
  }

  /** Its subscriptions stay, with their messages. */
  deleteTopic(name: string): void {
    this.topic(name);
    this.#topics.delete(name);
    for (const subscription of this.#subscribersOf(name)) {
      subscription.settings = { ...subscription.settings, topic: DELETED_TOPIC };
    }
  }

  /** @returns the IDs of the messages, in their order. */
  publish(topic: string, messages: readonly NewMessage[]): string[] {
    this.topic(topic);
    checkPublishable(messages);
    return this.#distribute(topic, messages);
  }

  createSubscription(requested: RequestedSettings): Subscription {
    const settings = checkedSettings(requested);
    checkName('topics', settings.topic);
    if (this.#subscriptions.has(settings.name)) {
      throw new GrpcError('ALREADY_EXISTS', 'Subscription already exists');
    }
    if (!this.#topics.has(settings.topic)) {
      throw new GrpcError('NOT_FOUND', 'Subscription topic does not exist');
    }
    this.#checkDeadLetterTopic(settings);
    const subscription = new Subscription(this.#host(), settings);
    this.#subscriptions.set(settings.name, subscription);
    this.#onSubscription(subscription);
    return subscription;
  }

  subscription(name: string): Subscription {
    const subscription = this.#subscriptions.get(name);
    if (subscription === undefined) throw new GrpcError('NOT_FOUND', 'Subscription does not exist');
    return subscription;
  }

  deleteSubscription(name: string): void {
    const subscription = this.subscription(name);
    this.#subscriptions.delete(name);
    subscription.close();
  }

  /** Drops everything. Nothing is delivered afterwards. */
  close(): void {
    for (const name of [...this.#subscriptions.keys()]) this.deleteSubscription(name);
    this.#topics.clear();
  }

  #distribute(topic: string, messages: readonly NewMessage[]): string[] {
    const publishTime = this.#environment.now();
    const published: Message[] = messages.map(({ data, attributes, orderingKey }) => {
      return { data, attributes, orderingKey, messageId: this.#nextId(), publishTime };
    });
    for (const subscription of this.#subscribersOf(topic)) subscription.add(published);
    return published.map(({ messageId }) => messageId);
  }

  #host(): Host {
    return {
      now: () => this.#environment.now(),
      after: (ms, action) => this.#environment.after(ms, action),
      nextId: () => this.#nextId(),
      deadLetter: (message, deliveries, from) => this.#deadLetter(message, deliveries, from),
    };
  }

  /** https://cloud.google.com/pubsub/docs/handling-failures#track_delivery_attempts */
  #deadLetter(
    { data, attributes, orderingKey, publishTime }: Message,
    deliveries: number,
    { name, deadLetterPolicy }: SubscriptionSettings,
  ): boolean {
    const topic = deadLetterPolicy?.deadLetterTopic ?? '';
    if (!this.#topics.has(topic)) return false;
    const { project, id } = partsOf(name);
    const added = {
      CloudPubSubDeadLetterSourceDeliveryCount: `${deliveries}`,
      CloudPubSubDeadLetterSourceSubscription: id,
      CloudPubSubDeadLetterSourceSubscriptionProject: project,
      CloudPubSubDeadLetterSourceTopicPublishTime: new Date(publishTime).toISOString(),
    };
    // Not checked as a publisher's message: it may have more attributes than those are allowed.
    this.#distribute(topic, [{ data, attributes: { ...attributes, ...added }, orderingKey }]);
    return true;
  }

  #checkDeadLetterTopic({ deadLetterPolicy }: SubscriptionSettings): void {
    if (deadLetterPolicy === null || this.#topics.has(deadLetterPolicy.deadLetterTopic)) return;
    throw new GrpcError('NOT_FOUND', 'Dead letter topic not found');
  }

  #subscribersOf(topic: string): Subscription[] {
    return [...this.#subscriptions.values()].filter(({ settings }) => settings.topic === topic);
  }

  #nextId(): string {
    this.#lastId += 1;
    return `${this.#lastId}`;
  }
}
