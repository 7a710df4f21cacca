/** The functions, Firestore and Pub/Sub emulators, as firebase-tools runs them together. */
import { mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { stripVTControlCharacters } from 'node:util';
import settings from '../../firebase.json' with { type: 'json' };
import { findEmulatorBinaries, isEmulatorUiDownloaded } from '../toolchain/emulator-binaries.ts';
import { firebaseCli, repository, toolchainEnv } from '../toolchain/environment.ts';
import { makeFirestoreLauncher } from '../toolchain/firestore-launcher.ts';
import { findJdk } from '../toolchain/jdk.ts';
import { PROJECT } from '../../operations/target/local-stack.ts';
import { LOOPBACK } from '../../operations/target/local-stack.ts';
import { Service } from './service.ts';
import type { StackPorts } from './stack-ports.ts';

/**
 * How many events the functions emulator handles at the same time, each in a process of about 100 MB. With two cores,
 * more are not faster.
 */
const PARALLEL_EVENTS = 6;

/** Limits of each Node process. Without them, garbage is collected late on a machine with much memory. */
const NODE_MEMORY = '--max-old-space-size=512 --max-semi-space-size=4';

/** An export of Firestore with the customers (`npm run seed`). */
const SEED = path.join(repository, 'emulator-data');

/** Options of both JVMs. The heap holds the data of several thousand purchases. */
const JVM_OPTIONS = '-Xmx640m -XX:+UseSerialGC';

/** What runs the functions, with Firestore and Pub/Sub. */
export interface Suite {
  /** How many purchases at the same time make the best use of it. */
  readonly inFlight: number;
  /** Resolves when a part has ended unexpectedly; pending otherwise. */
  unexpectedEnd(): Promise<Error>;
  /** Resolves when every part has ended. */
  stop(): Promise<void>;
}

export interface SuiteOptions {
  readonly ports: StackPorts;
  /** The environment of the functions. */
  readonly functionsEnv: Readonly<Record<string, string>>;
  /** Whether to start with the customers of `emulator-data/`. Without them the database is empty. */
  readonly hasCustomers: boolean;
  /** Called for every line that the suite prints. Lines of the functions begin with `>`. */
  readonly onLine: (line: string) => void;
  /**
   * Called when the process of a function has ended by itself; its next event starts it again. The functions emulator
   * starts a process again by itself and says so in its lines.
   */
  readonly onCrash: (error: Error) => void;
  /** Aborting it while the suite starts ends the start with an error. Then nothing is left running. */
  readonly signal: AbortSignal;
}

/** Resolves when the emulators are up and the functions' triggers are in place. */
export async function startFirebaseSuite(options: SuiteOptions): Promise<Suite> {
  const jdk = findJdk();
  const binaries = await findEmulatorBinaries(jdk);
  const firebase = await firebaseCli();
  const folder = await mkdtemp(path.join(tmpdir(), 'farmacy-'));
  const config = await writeConfig(folder, options.ports);
  const firestore =
    binaries.origin === 'google-cloud-sdk'
      ? await makeFirestoreLauncher(jdk, binaries.firestoreJar, folder)
      : binaries.firestoreJar;
  const importOptions = options.hasCustomers ? ['--import', SEED] : [];
  let ready = false;
  const suite = new Service({
    name: 'The Firebase emulator suite',
    command: process.execPath,
    args: [firebase, 'emulators:start', '--project', PROJECT, '--config', config, ...importOptions],
    signal: options.signal,
    // Keeps logs, sockets and the file by which suites find each other in the folder of this run.
    cwd: folder,
    env: {
      ...toolchainEnv(jdk),
      ...options.functionsEnv,
      FIRESTORE_EMULATOR_BINARY_PATH: firestore,
      PUBSUB_EMULATOR_BINARY_PATH: binaries.pubsubScript,
      TMPDIR: folder,
      FUNCTIONS_EMULATOR_PARALLEL: `${PARALLEL_EVENTS}`,
      NODE_OPTIONS: NODE_MEMORY,
      JAVA_TOOL_OPTIONS: JVM_OPTIONS,
      NO_COLOR: '1',
    },
    onLine: (colored) => {
      const line = stripVTControlCharacters(colored);
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
  return { inFlight: PARALLEL_EVENTS, unexpectedEnd: () => suite.unexpectedEnd(), stop: () => suite.stop() };
}

/** Writes firebase.json with the ports of this run. Its folder must look like the project's, so it links to the functions. */
async function writeConfig(folder: string, ports: StackPorts): Promise<string> {
  const listen = (port: number): object => ({ host: LOOPBACK, port });
  const config = {
    functions: settings.functions,
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

/** firebase-tools only warns when it cannot load the functions. Then no event would ever be handled. */
async function assertFunctionsLoaded(port: number, suite: Service): Promise<void> {
  const response = await fetch(`http://${LOOPBACK}:${port}/backends`);
  const { backends } = (await response.json()) as { backends: { functionTriggers: unknown[] }[] };
  if (backends.some(({ functionTriggers }) => functionTriggers.length > 0)) return;
  throw new Error(`The functions could not be loaded. ${suite.lastOutput()}`);
}
