import { GoogleAuth } from 'google-auth-library';
import firebase from '../../firebase.json' with { type: 'json' };
import { explainSignIn } from './errors.ts';
import { answers, LOOPBACK, PROJECT } from './local-stack.ts';

const services = {
  pubsub: { name: 'Pub/Sub', variable: 'PUBSUB_EMULATOR_HOST' },
  firestore: { name: 'Firestore', variable: 'FIRESTORE_EMULATOR_HOST' },
} as const;

/** https://developers.google.com/identity/protocols/oauth2/scopes */
const CLOUD_PLATFORM = 'https://www.googleapis.com/auth/cloud-platform';

/** What a command works on: an emulator on this machine, or a project in the cloud. */
export interface Target {
  readonly project: string;
  /** `HOST:PORT` of the emulator; absent in the cloud. */
  readonly emulator?: string;
  /** The target in words, such as `project farmacy-prod in the cloud`. */
  readonly description: string;
}

/** The paragraph about targets in the help text of a command. */
export const targetHelp = `It works on the emulator that FIRESTORE_EMULATOR_HOST or PUBSUB_EMULATOR_HOST names or that npm start has started, and
in the cloud when --project names a project there.`;

/** The option that chooses the target, as every such command takes it. */
export const targetOption = { project: { type: 'string' } } as const;

/**
 * Chooses the first of these that applies: the emulator that the service's usual environment variable names, the given
 * project in the cloud, the emulator of a running `npm start`. A project whose name begins with `demo-` is never in the
 * cloud.
 * @throws Error that says what to do when none of them applies, when the named emulator does not answer, or when this
 * machine is not signed in to Google Cloud.
 */
export async function findTarget(
  service: keyof typeof services,
  project: string | undefined,
): Promise<Target> {
  const { name, variable } = services[service];
  const named = process.env[variable];
  if (named) {
    if (await answersAt(named)) return emulatorAt(named, project);
    throw new Error(`No ${name} emulator answers at ${named}, which ${variable} names.`);
  }
  if (project !== undefined && !project.startsWith('demo-')) {
    await requireSignIn();
    return { project, description: `project ${project} in the cloud` };
  }
  const { port } = firebase.emulators[service];
  if (await answers(port)) return emulatorAt(`${LOOPBACK}:${port}`, project);
  throw new Error(
    `No ${name} emulator answers on port ${port}. Start one with npm start, name one in ${variable}, ` +
      'or work in the cloud with --project PROJECT.',
  );
}

/** Google's clients sign in with their first request. Some of them end the process when they cannot. */
async function requireSignIn(): Promise<void> {
  // Elsewhere than on a machine of Google's, asking for its metadata server takes time and may print a warning.
  process.env['METADATA_SERVER_DETECTION'] ??= 'bios-only';
  try {
    await new GoogleAuth({ scopes: CLOUD_PLATFORM }).getAccessToken();
  } catch (cause) {
    throw new Error(explainSignIn(cause), { cause });
  }
}

async function answersAt(address: string): Promise<boolean> {
  const url = URL.parse(`http://${address}`);
  return url !== null && answers(Number(url.port), url.hostname);
}

function emulatorAt(emulator: string, project = PROJECT): Target {
  // Without this, Google's clients first look for a metadata server, which takes seconds.
  process.env['METADATA_SERVER_DETECTION'] ??= 'none';
  return { project, emulator, description: `project ${project} on the emulator at ${emulator}` };
}
