/** The Firestore and Pub/Sub emulators alone, without the functions: for tests that talk to them directly. */
import path from 'node:path';
import { findEmulatorBinaries } from '../toolchain/emulator-binaries.ts';
import { repository, toolchainEnv } from '../toolchain/environment.ts';
import { FIRESTORE_MAIN } from '../toolchain/firestore-launcher.ts';
import { findJdk, jdkTool } from '../toolchain/jdk.ts';
import { answers, LOOPBACK, PROJECT } from '../../operations/target/local-stack.ts';
import { freePorts } from './ports.ts';
import { Service } from './service.ts';

export interface EmulatorChoice {
  readonly firestore?: boolean;
  readonly pubsub?: boolean;
  /** `HOST:PORT` where the Firestore emulator posts its events; nowhere when absent. */
  readonly firestoreEventsTo?: string;
  /** The metadata file of an export that the Firestore emulator begins with; it begins empty when absent. */
  readonly firestoreExport?: string;
  /** The heap limit of the Firestore emulator, in MB. It holds the whole database in memory. */
  readonly firestoreMemory?: number;
}

export interface RunningEmulators {
  /** The environment in which clients find them. */
  readonly env: Record<string, string>;
  stop(): Promise<void>;
}

/** Starts the chosen emulators on free ports, with the project's security rules; resolves when they answer. */
export async function startEmulators(which: EmulatorChoice): Promise<RunningEmulators> {
  const jdk = findJdk();
  const binaries = await findEmulatorBinaries(jdk);
  const [firestorePort = 0, webSocketPort = 0, pubsubPort = 0] = await freePorts(3);
  const java = (name: string, args: readonly string[]): Service =>
    new Service({ name, command: jdkTool(jdk, 'java'), args, env: toolchainEnv(jdk) });

  const env: Record<string, string> = {
    GOOGLE_CLOUD_PROJECT: PROJECT,
    METADATA_SERVER_DETECTION: 'none',
  };
  const started: { service: Service; port: number }[] = [];
  if (which.firestore === true) {
    const options = `--host ${LOOPBACK} --port ${firestorePort} --websocket_port ${webSocketPort}`.split(' ');
    const rules = ['--rules', path.join(repository, 'firestore.rules')];
    const events =
      which.firestoreEventsTo === undefined ? [] : ['--functions_emulator', which.firestoreEventsTo];
    const seed = which.firestoreExport === undefined ? [] : ['--seed_from_export', which.firestoreExport];
    const heap = `-Xmx${which.firestoreMemory ?? 512}m`;
    const args = [heap, '-Duser.language=en', '-cp', binaries.firestoreJar, FIRESTORE_MAIN];
    started.push({
      service: java('The Firestore emulator', [...args, ...options, ...events, ...seed, ...rules]),
      port: firestorePort,
    });
    env.FIRESTORE_EMULATOR_HOST = `${LOOPBACK}:${firestorePort}`;
  }
  if (which.pubsub === true) {
    const args = ['-Xmx256m', '-jar', binaries.pubsubJar, `--host=${LOOPBACK}`, `--port=${pubsubPort}`];
    started.push({ service: java('The Pub/Sub emulator', args), port: pubsubPort });
    env.PUBSUB_EMULATOR_HOST = `${LOOPBACK}:${pubsubPort}`;
  }

  const stop = async (): Promise<void> => {
    await Promise.all(started.map(({ service }) => service.stop()));
  };
  try {
    await Promise.all(started.map(({ service, port }) => service.ready(() => answers(port))));
  } catch (error) {
    await stop();
    throw error;
  }
  return { env, stop };
}
