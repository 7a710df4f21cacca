import { startAnalyticsStandIn } from '../analytics/stand-in.ts';
import { startSendgridStandIn } from '../sendgrid/stand-in.ts';
import { startEmulators } from '../stack/emulators.ts';
import { functionsEnvironment, randomKeys } from '../stack/environment.ts';
import { EventarcStandIn } from './eventarc.ts';

/** Where a function finds what it calls. */
export interface Services {
  /** `HOST:PORT` */
  readonly firestore: string;
  /** Base URLs. */
  readonly sendgrid: string;
  readonly analytics: string;
}

/** What the functions stand between. */
export interface Neighbours {
  readonly eventarc: EventarcStandIn;
  readonly services: Services;
  /** `HOST:PORT` */
  readonly pubsubHost: string;
  /** The environment of a function that calls these services. */
  readonly environmentFor: (services: Services) => Record<string, string>;
}

/** Ends one part; what was started last goes first. */
export type Closers = (() => Promise<unknown>)[];

/**
 * Starts the emulators and stand-ins on free ports.
 * @param closers gets what ends each of them.
 * @param firestoreMemory the most that the Firestore emulator takes, in MB.
 */
export async function startNeighbours(closers: Closers, firestoreMemory?: number): Promise<Neighbours> {
  const keys = randomKeys();
  const eventarc = await EventarcStandIn.start();
  closers.push(() => eventarc.close());
  const sendgrid = await startSendgridStandIn({ apiKey: keys.sendgridApiKey });
  closers.push(() => sendgrid.close());
  const analytics = await startAnalyticsStandIn();
  closers.push(() => analytics.close());
  const emulators = await startEmulators({
    firestore: true,
    pubsub: true,
    firestoreEventsTo: eventarc.address,
    ...(firestoreMemory !== undefined && { firestoreMemory }),
  });
  closers.push(() => emulators.stop());
  const { env } = emulators;
  return {
    eventarc,
    services: {
      firestore: env['FIRESTORE_EMULATOR_HOST'] ?? '',
      sendgrid: sendgrid.url,
      analytics: analytics.url,
    },
    pubsubHost: env['PUBSUB_EMULATOR_HOST'] ?? '',
    environmentFor: (services) => ({
      ...env,
      ...functionsEnvironment(keys, services),
      FIRESTORE_EMULATOR_HOST: services.firestore,
    }),
  };
}
