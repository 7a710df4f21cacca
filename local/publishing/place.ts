/** Where a command works: an emulator on this machine, or a project in the cloud. */
import { PROJECT } from '../stack/environment.ts';
import { answers, LOOPBACK } from '../stack/ports.ts';
import { standardPorts } from '../stack/stack-ports.ts';

const services = {
  pubsub: { name: 'Pub/Sub', variable: 'PUBSUB_EMULATOR_HOST' },
  firestore: { name: 'Firestore', variable: 'FIRESTORE_EMULATOR_HOST' },
} as const;

export interface Place {
  readonly project: string;
  /** `HOST:PORT` of the emulator; absent in the cloud. */
  readonly emulator?: string;
  /** For people: where that is. */
  readonly description: string;
}

/**
 * The emulator that the service's usual variable names; else, for a project of the cloud, the cloud; else the emulator
 * of a running `npm start`.
 * @throws Error saying what to do when there is none of them.
 */
export async function findPlace(
  service: keyof typeof services,
  project: string | undefined,
  env: NodeJS.ProcessEnv = process.env,
): Promise<Place> {
  const { name, variable } = services[service];
  const named = env[variable];
  if (named) {
    if (await answersAt(named)) return emulatorAt(named, project);
    throw new Error(`No ${name} emulator answers at ${named}, which ${variable} names.`);
  }
  if (project !== undefined && !project.startsWith('demo-')) {
    return { project, description: `project ${project} in the cloud` };
  }
  const port = standardPorts()[service];
  if (await answers(port)) return emulatorAt(`${LOOPBACK}:${port}`, project);
  throw new Error(
    `No ${name} emulator answers on port ${port}. Start one with npm start, name one in ${variable}, ` +
      'or work in the cloud with --project PROJECT.',
  );
}

async function answersAt(address: string): Promise<boolean> {
  const { hostname, port } = new URL(`http://${address}`);
  return answers(Number(port), hostname);
}

function emulatorAt(emulator: string, project = PROJECT): Place {
  // Without this the clients look for the cloud they might be running in, and wait.
  process.env['METADATA_SERVER_DETECTION'] ??= 'none';
  return { project, emulator, description: `project ${project} on the emulator at ${emulator}` };
}
