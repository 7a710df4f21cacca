/**
 * `npm run seed`: writes the sample customers in the format that `firebase emulators:start --import` reads. Only Google's
 * Firestore emulator writes that format. The embedded cloud does not read it: it writes the same customers at its start.
 */
import { rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { clientsOf } from '../local/stack/clients.ts';
import { startEmulators, type RunningEmulators } from '../local/stack/emulators.ts';
import { PROJECT } from '../operations/target/local-stack.ts';
import { readCommandLine, runCommand } from '../operations/terminal/command-line.ts';
import { writeCustomers } from './customers.ts';

const FOLDER = import.meta.dirname;
const EXPORT = 'firestore_export';

readCommandLine({
  help: `npm run seed

Writes the sample customers (emulator-data/customers.ts) into Google's Firestore emulator and exports them to
emulator-data/${EXPORT}, from where the Firebase emulator suite imports them. Every run writes the same customers.

It needs Google's emulators and a JDK 21 or newer. The embedded cloud needs no export: it writes the same customers
whenever it starts.`,
  options: {},
});

await runCommand(async () => {
  const emulators = await startExporter();
  try {
    const { firestore } = clientsOf(emulators.env);
    const customers = await writeCustomers(firestore);
    await firestore.terminate();
    await exportTo(FOLDER, emulators);
    console.log(`Wrote ${customers} customers to emulator-data/${EXPORT}.`);
  } finally {
    await emulators.stop();
  }
});

/** @throws Error that says what needs Google's emulator, and how to install what is missing. */
async function startExporter(): Promise<RunningEmulators> {
  try {
    return await startEmulators({ firestore: true });
  } catch (cause) {
    throw new Error(
      'The export for the Firebase suite was not written. The embedded cloud does not need it: it writes the same ' +
        `customers whenever it starts. ${(cause as Error).message}`,
      { cause },
    );
  }
}

/** Does what `firebase emulators:export` does, without the other emulators. */
async function exportTo(folder: string, { env }: RunningEmulators): Promise<void> {
  await rm(path.join(folder, EXPORT), { recursive: true, force: true });
  const response = await fetch(
    `http://${env['FIRESTORE_EMULATOR_HOST'] ?? ''}/emulator/v1/projects/${PROJECT}:export`,
    {
      method: 'POST',
      headers: { 'Content-Type': 'application/json' },
      body: JSON.stringify({
        database: `projects/${PROJECT}/databases/(default)`,
        export_directory: folder,
        export_name: EXPORT,
      }),
    },
  );
  if (!response.ok) throw new Error(`The Firestore emulator could not export: ${await response.text()}`);
  const metadata = {
    version: '15.0.0',
    firestore: {
      version: '1.22.0',
      path: EXPORT,
      metadata_file: `${EXPORT}/${EXPORT}.overall_export_metadata`,
    },
  };
  await writeFile(
    path.join(folder, 'firebase-export-metadata.json'),
    `${JSON.stringify(metadata, null, 2)}\n`,
  );
}
