import { randomUUID } from 'node:crypto';
import { Firestore } from '@google-cloud/firestore';
import { startEmbeddedCloud } from '../../local/cloud/embedded-cloud.ts';
import { startEmulators, type RunningEmulators } from '../../local/stack/emulators.ts';
import { whyEmbedded } from '../../local/toolchain/emulator-choice.ts';
import { meterFirestore, type Meter } from './firestore-meter.ts';

/** Why there are no tests of Google's emulators here; undefined when there are. `test/all.ts` finds it out. */
export const emulatorsMissing = process.env['GOOGLE_EMULATORS_MISSING'] || undefined;

/** Each cloud of a test run starts with the first test that needs it. */
let embedded: Promise<RunningEmulators> | undefined;
let google: Promise<RunningEmulators> | undefined;

/** The cloud under every test that needs one: the embedded cloud, or Google's emulators with `FARMACY_CLOUD=google`. */
export function emulators(): Promise<RunningEmulators> {
  // Otherwise Google's clients look for a metadata server. FIRESTORE_EMULATOR_HOST stays unset: it would bypass the meter.
  process.env['METADATA_SERVER_DETECTION'] = 'none';
  if (whyEmbedded() === undefined) return googleEmulators();
  return (embedded ??= startEmbeddedCloud());
}

/** Google's emulators, for tests of `describeWithEmulators`. */
export function googleEmulators(): Promise<RunningEmulators> {
  return (google ??= startEmulators({ firestore: true, pubsub: true }));
}

/** Defines tests of Google's emulators themselves, or of what runs on nothing else. They are skipped where these are missing. */
export function describeWithEmulators(title: string, define: (this: Mocha.Suite) => void): void {
  if (emulatorsMissing === undefined) describe(title, define);
  else describe.skip(`${title} (skipped: ${emulatorsMissing})`, define);
}

export async function mochaGlobalTeardown(): Promise<void> {
  await Promise.all([embedded, google].map(async (running) => (await running)?.stop()));
}

/** An empty Firestore for one test, with a meter on every call. */
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

/** Gives each test of the suite that calls this an empty Firestore. The fields of the result change with each test. */
export function firestoreForEachTest(): TestFirestore {
  const current = {} as TestFirestore;
  beforeEach(async function () {
    this.timeout(60_000);
    Object.assign(current, await emptyFirestore());
  });
  afterEach(() => current.close());
  return current;
}
