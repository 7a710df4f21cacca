import { PubSub } from '@google-cloud/pubsub';
import { PROJECT } from '../stack/environment.ts';
import { answers, LOOPBACK } from '../stack/ports.ts';
import { standardPorts } from '../stack/stack-ports.ts';

/** Where purchases are published to. */
export interface Destination {
  readonly pubsub: PubSub;
  /** For people: where that is. */
  readonly description: string;
}

/**
 * The emulator that PUBSUB_EMULATOR_HOST names; else, for a project of the cloud, the cloud; else the emulator of a
 * running `npm start`.
 * @throws Error saying what to do when there is none of them.
 */
export async function findDestination(
  project: string | undefined,
  env: NodeJS.ProcessEnv = process.env,
): Promise<Destination> {
  const named = env['PUBSUB_EMULATOR_HOST'];
  if (named) return emulatorAt(named, project ?? PROJECT);
  if (project !== undefined && !project.startsWith('demo-')) {
    const pubsub = new PubSub({ projectId: project });
    await pubsub.auth.getClient(); // Throws when nobody is logged in; the client itself would only say so when it sends.
    return { pubsub, description: `project ${project} in the cloud` };
  }
  const { pubsub: port } = standardPorts();
  if (await answers(port)) return emulatorAt(`${LOOPBACK}:${port}`, project ?? PROJECT);
  throw new Error(
    `No Pub/Sub emulator answers on port ${port}. Start one with npm start, name one in PUBSUB_EMULATOR_HOST, ` +
      'or publish to the cloud with --project PROJECT.',
  );
}

async function emulatorAt(address: string, projectId: string): Promise<Destination> {
  const { hostname, port } = new URL(`http://${address}`);
  if (!(await answers(Number(port), hostname))) {
    throw new Error(`No Pub/Sub emulator answers at ${address}, which PUBSUB_EMULATOR_HOST names.`);
  }
  // Without this the client looks for the cloud it might be running in, and waits.
  process.env['METADATA_SERVER_DETECTION'] ??= 'none';
  const pubsub = new PubSub({ projectId, apiEndpoint: address, emulatorMode: true });
  return { pubsub, description: `project ${projectId} on the emulator at ${address}` };
}
