/** The functions, Firestore and Pub/Sub emulators, as firebase-tools runs them together. */
import { mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { stripVTControlCharacters } from 'node:util';
import { findEmulatorBinaries, isEmulatorUiDownloaded } from '../toolchain/emulator-binaries.ts';
import { firebaseCli, repository, toolchainEnv } from '../toolchain/environment.ts';
import { makeFirestoreLauncher } from '../toolchain/firestore-launcher.ts';
import { findJdk } from '../toolchain/jdk.ts';
import { PROJECT } from './environment.ts';
import { LOOPBACK } from './ports.ts';
import { Service } from './service.ts';
import { readFirebaseConfig, type StackPorts } from './stack-ports.ts';

/**
 * The emulator starts a process for every event it handles at the same time, some 100 MB each. With two cores, more
 * than this makes nothing faster.
 */
const PARALLEL_EVENTS = '6';

/** Of each Node process: without a limit they let garbage pile up for as long as the machine has memory. */
const NODE_MEMORY = '--max-old-space-size=512 --max-semi-space-size=4';

/** Of each of the two JVMs: enough for the data of several thousand purchases. */
const JVM_OPTIONS = '-Xmx640m -XX:+UseSerialGC';

export interface FirebaseSuiteOptions {
  readonly ports: StackPorts;
  /** What the functions find in their environment. */
  readonly functionsEnv: Readonly<Record<string, string>>;
  /** A folder with an export to start from; empty without. */
  readonly seed?: string;
  /** Told every line the emulators print: those of the functions begin with `>`. */
  readonly onLine: (line: string) => void;
  /** Aborting it ends the emulators. */
  readonly signal: AbortSignal;
}

/** Resolves when the emulators are up and the functions' triggers are in place. */
export async function startFirebaseSuite(options: FirebaseSuiteOptions): Promise<Service> {
  const jdk = findJdk();
  const binaries = await findEmulatorBinaries(jdk);
  const folder = await mkdtemp(path.join(tmpdir(), 'farmacy-'));
  const config = await writeConfig(folder, options.ports);
  const overrides =
    binaries.origin === 'google-cloud-sdk'
      ? {
          FIRESTORE_EMULATOR_BINARY_PATH: await makeFirestoreLauncher(jdk, binaries.firestoreJar, folder),
          PUBSUB_EMULATOR_BINARY_PATH: binaries.pubsubScript,
        }
      : {};
  let ready = false;
  const suite = new Service({
    name: 'The Firebase emulator suite',
    command: process.execPath,
    args: [
      firebaseCli,
      'emulators:start',
      '--project',
      PROJECT,
      '--config',
      config,
      ...importOf(options.seed),
    ],
    signal: options.signal,
    // Logs, sockets and the file by which suites find each other go into the folder of this run.
    cwd: folder,
    env: {
      ...toolchainEnv(jdk),
      ...options.functionsEnv,
      ...overrides,
      TMPDIR: folder,
      FUNCTIONS_EMULATOR_PARALLEL: PARALLEL_EVENTS,
      NODE_OPTIONS: NODE_MEMORY,
      JAVA_TOOL_OPTIONS: JVM_OPTIONS,
      NO_COLOR: '1',
    },
    onLine: (coloured) => {
      const line = stripVTControlCharacters(coloured);
      if (line.includes('All emulators ready!')) ready = true;
      options.onLine(line);
    },
    afterwards: () => rm(folder, { recursive: true, force: true }),
  });
  try {
    await suite.ready(async () => ready);
    await assertFunctionsLoaded(options.ports.functions, suite);
  } catch (error) {
    await suite.stop();
    throw error;
  }
  return suite;
}

function importOf(seed: string | undefined): string[] {
  return seed === undefined ? [] : ['--import', path.resolve(seed)];
}

/** firebase.json with the ports of this run. Its folder stands for the project's, so the functions are linked into it. */
async function writeConfig(folder: string, ports: StackPorts): Promise<string> {
  const listen = (port: number): object => ({ host: LOOPBACK, port });
  const config = {
    functions: readFirebaseConfig().functions,
    firestore: { rules: path.join(repository, 'firestore.rules') },
    emulators: {
      functions: listen(ports.functions),
      firestore: { ...listen(ports.firestore), websocketPort: ports.firestoreWebSocket },
      pubsub: listen(ports.pubsub),
      eventarc: listen(ports.eventarc),
      tasks: listen(ports.tasks),
      hub: listen(ports.hub),
      logging: listen(ports.logging),
      ui: { enabled: isEmulatorUiDownloaded(), ...listen(ports.ui) },
      singleProjectMode: true,
    },
  };
  await symlink(path.join(repository, 'functions'), path.join(folder, 'functions'), 'junction');
  const file = path.join(folder, 'firebase.json');
  await writeFile(file, JSON.stringify(config));
  return file;
}

/** firebase-tools goes on without the functions when their code cannot be loaded: nothing would ever happen. */
async function assertFunctionsLoaded(port: number, suite: Service): Promise<void> {
  const response = await fetch(`http://${LOOPBACK}:${port}/backends`);
  const { backends } = (await response.json()) as { backends: { functionTriggers: unknown[] }[] };
  if (backends.some(({ functionTriggers }) => functionTriggers.length > 0)) return;
  throw new Error(`The functions could not be loaded. ${suite.lastWords()}`);
}
