import { randomUUID } from 'node:crypto';
import { Firestore } from '@google-cloud/firestore';
import { startEmulators, type RunningEmulators } from '../../local/stack/emulators.ts';
import { meterFirestore, type Meter } from './firestore-meter.ts';

/** The emulators are started once a test run, by the first test that wants them. */
let running: Promise<RunningEmulators> | undefined;

export function emulators(): Promise<RunningEmulators> {
  // Google's clients look for a metadata server otherwise. FIRESTORE_EMULATOR_HOST stays unset: it beats the meter.
  process.env['METADATA_SERVER_DETECTION'] = 'none';
  running ??= startEmulators({ firestore: true, pubsub: true });
  return running;
}

export async function mochaGlobalTeardown(): Promise<void> {
  await (await running)?.stop();
}

/** A Firestore of one test's own, empty, in which every call is metered. */
export interface TestFirestore {
  readonly projectId: string;
  readonly firestore: Firestore;
  readonly meter: Meter;
  close(): Promise<void>;
}

export async function emptyFirestore(): Promise<TestFirestore> {
  const { env } = await emulators();
  const meter = await meterFirestore(env['FIRESTORE_EMULATOR_HOST'] ?? '');
  const projectId = `demo-${randomUUID()}`;
  const firestore = new Firestore({
    projectId,
    host: meter.host,
    ssl: false,
    customHeaders: { Authorization: 'Bearer owner' },
    ignoreUndefinedProperties: true,
  });
  return {
    projectId,
    firestore,
    meter,
    async close() {
      await firestore.terminate();
      await meter.close();
    },
  };
}
