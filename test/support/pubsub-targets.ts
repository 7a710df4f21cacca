import { randomUUID } from 'node:crypto';
import { PubSub, v1 } from '@google-cloud/pubsub';
import { credentials } from '@grpc/grpc-js';
import { startPubsub } from '../../local/cloud/pubsub/server.ts';
import { describeEmulator, describeTarget } from './describe-target.ts';
import { googleEmulators } from './emulators.ts';
import { VirtualClock } from './virtual-clock.ts';

/** A Pub/Sub under test, with clients in a project of its own. */
export interface PubsubTarget {
  readonly project: string;
  readonly pubsub: PubSub;
  readonly publisher: v1.PublisherClient;
  readonly subscriber: v1.SubscriberClient;
  /** Advances the virtual clock, in ms. Google's emulator has none: there the next call has to wait. */
  elapse(ms: number): void;
  close(): Promise<void>;
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
  const { env } = await googleEmulators();
  return { ...clientsOf(env['PUBSUB_EMULATOR_HOST'] ?? ''), elapse: () => undefined };
}

/** Defines the same tests for the embedded Pub/Sub and, where it is found, for Google's emulator. */
export function onEachPubsub(title: string, define: (target: () => PubsubTarget) => void): void {
  describeTarget(`${title}: embedded`, embeddedPubsub, define);
  describeEmulator(title, googleEmulator, define);
}

/** Defines tests for the embedded Pub/Sub alone. */
export function embeddedOnly(title: string, define: (target: () => PubsubTarget) => void): void {
  describeTarget(`${title}: embedded`, embeddedPubsub, define);
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
