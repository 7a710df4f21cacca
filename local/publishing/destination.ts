import { PubSub } from '@google-cloud/pubsub';
import { findPlace } from './place.ts';

/** Where messages are published to. */
export interface Destination {
  readonly pubsub: PubSub;
  /** For people: where that is. */
  readonly description: string;
}

/**
 * Pub/Sub on an emulator or in the cloud: see findPlace.
 * @throws Error saying what to do when there is neither.
 */
export async function findDestination(
  project: string | undefined,
  env: NodeJS.ProcessEnv = process.env,
): Promise<Destination> {
  const { emulator, project: projectId, description } = await findPlace('pubsub', project, env);
  if (emulator !== undefined) {
    return { pubsub: new PubSub({ projectId, apiEndpoint: emulator, emulatorMode: true }), description };
  }
  const pubsub = new PubSub({ projectId });
  await pubsub.auth.getClient(); // Throws when nobody is logged in; the client itself would only say so when it sends.
  return { pubsub, description };
}
