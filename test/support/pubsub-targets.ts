import { randomUUID } from 'node:crypto';
import { PubSub, v1 } from '@google-cloud/pubsub';
import { credentials } from '@grpc/grpc-js';
import type { Environment } from '../../local/cloud/pubsub/environment.ts';
import { startPubsub } from '../../local/cloud/pubsub/server.ts';
import { presentEmulatorBinaries } from '../../local/toolchain/emulator-binaries.ts';
import { findJdk } from '../../local/toolchain/jdk.ts';
import { emulators } from './emulators.ts';

/** A Pub/Sub to hold against the documentation, with clients in a project of their own. */
export interface PubsubTarget {
  readonly project: string;
  readonly pubsub: PubSub;
  readonly publisher: v1.PublisherClient;
  readonly subscriber: v1.SubscriberClient;
  /** Lets time pass, in ms, where it can be set. Google's emulator needs a call that waits. */
  elapse(ms: number): void;
  close(): Promise<void>;
}

/** Time that passes when a test says so. */
export class VirtualClock implements Environment {
  #now = Date.UTC(2026, 0, 1);
  readonly #timers = new Set<{ readonly at: number; readonly action: () => void }>();

  now(): number {
    return this.#now;
  }

  after(ms: number, action: () => void): () => void {
    const timer = { at: this.#now + ms, action };
    this.#timers.add(timer);
    return () => this.#timers.delete(timer);
  }

  advance(ms: number): void {
    const end = this.#now + ms;
    for (;;) {
      const [next] = [...this.#timers].filter(({ at }) => at <= end).toSorted((a, b) => a.at - b.at);
      if (next === undefined) break;
      this.#timers.delete(next);
      this.#now = next.at;
      next.action();
    }
    this.#now = end;
  }
}

export async function embeddedPubsub(): Promise<PubsubTarget> {
  const clock = new VirtualClock();
  const server = await startPubsub(0, clock);
  const clients = clientsOf(server.address);
  return {
    ...clients,
    elapse: (ms) => clock.advance(ms),
    async close() {
      await clients.close();
      await server.close();
    },
  };
}

export async function googleEmulator(): Promise<PubsubTarget> {
  const { env } = await emulators();
  return { ...clientsOf(env['PUBSUB_EMULATOR_HOST'] ?? ''), elapse: () => undefined };
}

/** Why Google's emulator cannot run here; undefined when it can. */
export const emulatorMissing: string | undefined = reasonWithoutEmulator();

function reasonWithoutEmulator(): string | undefined {
  try {
    findJdk();
  } catch {
    return 'no JDK 21 or newer';
  }
  return presentEmulatorBinaries() === undefined ? 'no emulators' : undefined;
}

/** Defines the same tests for the embedded Pub/Sub and, where it is found, for Google's emulator. */
export function onEachPubsub(title: string, define: (target: () => PubsubTarget) => void): void {
  onPubsub(`${title}: embedded`, embeddedPubsub, define);
  const skipped = emulatorMissing === undefined ? '' : ` (skipped: ${emulatorMissing})`;
  onPubsub(`${title}: Google's emulator${skipped}`, googleEmulator, define, emulatorMissing !== undefined);
}

/** Defines tests for the embedded Pub/Sub alone. */
export function embeddedOnly(title: string, define: (target: () => PubsubTarget) => void): void {
  onPubsub(`${title}: embedded`, embeddedPubsub, define);
}

function onPubsub(
  title: string,
  start: () => Promise<PubsubTarget>,
  define: (target: () => PubsubTarget) => void,
  isSkipped = false,
): void {
  describe(title, function () {
    let target: PubsubTarget | undefined;
    before(async function () {
      if (isSkipped) this.skip();
      this.timeout(60_000);
      target = await start();
    });
    after(() => target?.close());
    define(() => {
      if (target === undefined) throw new Error('A test asked for Pub/Sub before it was started.');
      return target;
    });
  });
}

function clientsOf(address: string): Omit<PubsubTarget, 'elapse'> {
  // Google's clients look for a metadata server otherwise.
  process.env['METADATA_SERVER_DETECTION'] = 'none';
  const project = `demo-${randomUUID()}`;
  const [servicePath = '', port = ''] = address.split(':');
  const options = {
    projectId: project,
    servicePath,
    port: Number(port),
    sslCreds: credentials.createInsecure(),
  };
  const pubsub = new PubSub({ projectId: project, apiEndpoint: address, emulatorMode: true });
  const publisher = new v1.PublisherClient(options);
  const subscriber = new v1.SubscriberClient(options);
  return {
    project,
    pubsub,
    publisher,
    subscriber,
    async close() {
      await Promise.all([pubsub.close(), publisher.close(), subscriber.close()]);
    },
  };
}

let named = 0;

/** A topic and a subscription that no other test has. */
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

  /** What there is now. */
  async pull(maxMessages = 1_000): Promise<Received[]> {
    return this.#pull({ subscription: this.subscription, maxMessages, returnImmediately: true });
  }

  /** Waits until there is something. */
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
