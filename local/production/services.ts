import { startAnalyticsStandIn } from '../stand-ins/analytics/stand-in.ts';
import { startSendgridStandIn } from '../stand-ins/sendgrid/stand-in.ts';
import { functionsEnvironment, randomKeys } from '../stack/environment.ts';
import { startCloud, type RunningCloud } from './cloud.ts';
import { EventarcStandIn } from './eventarc.ts';

/** The addresses of the services that a function calls. */
export interface Services {
  /** `HOST:PORT` */
  readonly firestore: string;
  /** Base URLs. */
  readonly sendgrid: string;
  readonly analytics: string;
}

/** The running cloud and stand-ins. */
export interface RunningServices {
  readonly cloud: RunningCloud;
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
 * Starts the cloud and the stand-ins on free ports.
 * @param closers gets a function for each of them that stops it.
 * @param firestoreMemory the heap limit of Google's Firestore emulator, in MB.
 */
export async function startServices(closers: Closers, firestoreMemory?: number): Promise<RunningServices> {
  const keys = randomKeys();
  const eventarc = await EventarcStandIn.start();
  closers.push(() => eventarc.close());
  const sendgrid = await startSendgridStandIn({ apiKey: keys.sendgridApiKey });
  closers.push(() => sendgrid.close());
  const analytics = await startAnalyticsStandIn();
  closers.push(() => analytics.close());
  const cloud = await startCloud(eventarc, firestoreMemory);
  closers.push(() => cloud.stop());
  const { env } = cloud;
  return {
    cloud,
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
