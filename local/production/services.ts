import { startAnalyticsStandIn } from '../stand-ins/analytics/stand-in.ts';
import { startSendgridStandIn } from '../stand-ins/sendgrid/stand-in.ts';
import { startEmulators } from '../stack/emulators.ts';
import { functionsEnvironment, randomKeys } from '../stack/environment.ts';
import { EventarcStandIn } from './eventarc.ts';

/** The addresses of the services that a function calls. */
export interface Services {
  /** `HOST:PORT` */
  readonly firestore: string;
  /** Base URLs. */
  readonly sendgrid: string;
  readonly analytics: string;
}

/** The running emulators and stand-ins. */
export interface RunningServices {
  readonly eventarc: EventarcStandIn;
  readonly services: Services;
  /** `HOST:PORT` */
  readonly pubsubHost: string;
  /** The environment of a function that calls the given services. */
  readonly environmentFor: (services: Services) => Record<string, string>;
}

/** Each stops one part. They are called in reverse order. */
export type Closers = (() => Promise<unknown>)[];

/**
 * Starts the emulators and stand-ins on free ports.
 * @param closers gets a function for each of them that stops it.
 * @param firestoreMemory the heap limit of the Firestore emulator, in MB.
 */
export async function startServices(closers: Closers, firestoreMemory?: number): Promise<RunningServices> {
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
