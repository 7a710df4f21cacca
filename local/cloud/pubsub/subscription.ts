/** One subscription: the messages that are not acknowledged yet, and when each may be delivered. */
import {
  backoff,
  checkAckIds,
  type Consumer,
  type Delivery,
  type Host,
  type TakeOptions,
} from './delivery.ts';
import { invalid } from '../grpc-error.ts';
import { sizeOf, type Message } from './messages.ts';
import { toMillis, type SubscriptionSettings } from './settings.ts';

/** A message with its delivery state: ready, outstanding, or waiting for the end of its backoff. */
interface Entry {
  readonly message: Message;
  /** How many deliveries were refused or not acknowledged in time. */
  failures: number;
  /** The last delivery, for as long as an acknowledgement of it counts. */
  delivery?: Delivery | undefined;
  /** Present while that delivery is outstanding. */
  settle?: (() => void) | undefined;
  /** Cancels what is due next: the end of the deadline, or of the backoff. */
  stopTimer: () => void;
}

/** A response stops growing at this size. Its last message may go over it. */
const BATCH_BYTES = 10 * 1024 * 1024;

/** In seconds (https://cloud.google.com/pubsub/docs/reference/rpc/google.pubsub.v1#modifyackdeadlinerequest). */
const LONGEST_ACK_DEADLINE = 600;

export class Subscription {
  settings: SubscriptionSettings;
  readonly #host: Host;
  /** Every message that is neither acknowledged nor forwarded nor too old. */
  readonly #entries = new Set<Entry>();
  /** Those that may be delivered now, in the order in which they became ready. */
  readonly #ready = new Set<Entry>();
  /** By ack ID. */
  readonly #delivered = new Map<string, Entry>();
  readonly #consumers = new Set<Consumer>();

  constructor(host: Host, settings: SubscriptionSettings) {
    this.#host = host;
    this.settings = settings;
  }

  add(messages: readonly Message[]): void {
    for (const message of messages) {
      const entry: Entry = { message, failures: 0, stopTimer: () => undefined };
      this.#entries.add(entry);
      this.#ready.add(entry);
    }
    this.#offer();
  }

  /** Offers messages to the consumer from now on. Consumers take turns. */
  attach(consumer: Consumer): void {
    this.#consumers.add(consumer);
    consumer.offer();
  }

  /** What the consumer has taken stays outstanding until its deadline. */
  detach(consumer: Consumer): void {
    this.#consumers.delete(consumer);
  }

  /** Delivers messages that are ready. Each is outstanding until it is acknowledged or refused, or its deadline ends. */
  take({ messages, bytes = BATCH_BYTES, ackDeadline, onSettled }: TakeOptions): Delivery[] {
    const taken: Delivery[] = [];
    const mostBytes = Math.min(bytes, BATCH_BYTES);
    let size = 0;
    for (const entry of this.#ready) {
      if (taken.length >= messages || size >= mostBytes) break;
      this.#ready.delete(entry);
      if (this.#isTooOld(entry)) {
        this.#forget(entry);
        continue;
      }
      size += sizeOf(entry.message);
      taken.push(this.#deliver(entry, ackDeadline ?? this.settings.ackDeadlineSeconds * 1_000, onSettled));
    }
    return taken;
  }

  /**
   * An acknowledgement after the deadline still counts, until the message is delivered again.
   * @throws GrpcError when an ID is not one of this subscription; then nothing is acknowledged.
   */
  acknowledge(ackIds: readonly string[]): void {
    checkAckIds(this.settings.name, ackIds);
    for (const ackId of ackIds) {
      const entry = this.#delivered.get(ackId);
      if (entry === undefined) continue;
      this.#forget(entry);
      entry.settle?.();
    }
  }

  /**
   * Sets the deadline of outstanding messages, in seconds from now; 0 refuses them. Other messages do not change.
   * @throws GrpcError when an ID or the deadline is wrong; then nothing changes.
   */
  modifyAckDeadline(ackIds: readonly string[], seconds: number): void {
    checkAckIds(this.settings.name, ackIds);
    if (seconds < 0 || seconds > LONGEST_ACK_DEADLINE) {
      throw invalid(`The ack deadline must be between 0 and ${LONGEST_ACK_DEADLINE} seconds.`);
    }
    for (const ackId of ackIds) {
      const entry = this.#delivered.get(ackId);
      if (entry?.settle === undefined) continue;
      if (seconds > 0) this.#startDeadline(entry, seconds * 1_000);
      else this.#refuse(entry);
    }
  }

  /** Drops all messages and ends all consumers. */
  close(): void {
    for (const entry of this.#entries) this.#forget(entry);
    for (const consumer of this.#consumers) consumer.end();
    this.#consumers.clear();
  }

  /** A consumer that takes something goes to the end of the line. */
  #offer(): void {
    for (const consumer of [...this.#consumers]) {
      const before = this.#ready.size;
      if (before === 0) return;
      consumer.offer();
      if (this.#ready.size < before && this.#consumers.delete(consumer)) this.#consumers.add(consumer);
    }
  }

  #deliver(entry: Entry, ackDeadline: number, onSettled: TakeOptions['onSettled']): Delivery {
    const { message, failures } = entry;
    if (entry.delivery) this.#delivered.delete(entry.delivery.ackId);
    const delivery = {
      ackId: `${this.settings.name}:${this.#host.nextId()}`,
      message,
      deliveryAttempt: this.settings.deadLetterPolicy ? failures + 1 : 0,
    };
    entry.delivery = delivery;
    entry.settle = () => {
      entry.settle = undefined;
      entry.stopTimer();
      onSettled?.(delivery);
    };
    this.#delivered.set(delivery.ackId, entry);
    this.#startDeadline(entry, ackDeadline);
    return delivery;
  }

  #startDeadline(entry: Entry, ms: number): void {
    entry.stopTimer();
    entry.stopTimer = this.#host.after(ms, () => {
      entry.settle?.();
      this.#deliverLater(entry);
    });
  }

  #refuse(entry: Entry): void {
    if (entry.delivery) this.#delivered.delete(entry.delivery.ackId);
    entry.delivery = undefined;
    entry.settle?.();
    this.#deliverLater(entry);
  }

  #deliverLater(entry: Entry): void {
    entry.failures += 1;
    if (this.#forward(entry)) {
      this.#forget(entry);
      return;
    }
    const release = (): void => {
      this.#ready.add(entry);
      this.#offer();
    };
    const wait = backoff(this.settings, entry.failures);
    if (wait > 0) entry.stopTimer = this.#host.after(wait, release);
    else release();
  }

  /** @returns whether the message went to the dead-letter topic. */
  #forward({ message, failures }: Entry): boolean {
    const { deadLetterPolicy } = this.settings;
    if (deadLetterPolicy === null || failures < deadLetterPolicy.maxDeliveryAttempts) return false;
    return this.#host.deadLetter(message, failures, this.settings);
  }

  #isTooOld({ message }: Entry): boolean {
    return this.#host.now() >= message.publishTime + toMillis(this.settings.messageRetentionDuration);
  }

  #forget(entry: Entry): void {
    entry.stopTimer();
    this.#entries.delete(entry);
    this.#ready.delete(entry);
    if (entry.delivery) this.#delivered.delete(entry.delivery.ackId);
  }
}
