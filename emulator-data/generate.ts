/** `npm run seed`: writes the seed of the emulators in the format that `firebase emulators:start --import` reads. */
import { rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { clientsOf } from '../local/stack/clients.ts';
import { startEmulators, type RunningEmulators } from '../local/stack/emulators.ts';
import { PROJECT } from '../operations/target/local-stack.ts';
import { readCommandLine } from '../operations/terminal/command-line.ts';
import { buyer } from './people.ts';
import { Random } from './random.ts';
import { histories } from './histories.ts';
import { writeHistory } from './write-history.ts';

const SEED = 20260115;
const MOMENT = Date.UTC(2026, 0, 15, 12);

const FOLDER = import.meta.dirname;
const EXPORT = 'firestore_export';

readCommandLine({
  help: 'npm run seed\n\nWrites the seed of the emulators (emulator-data/) again. Every run writes the same customers.',
  options: {},
});

const emulators = await startEmulators({ firestore: true });
try {
  const customers = await writeCustomers(emulators);
  await exportTo(FOLDER, emulators);
  console.log(`Wrote ${customers} customers to emulator-data/${EXPORT}.`);
} finally {
  await emulators.stop();
}

/** @returns how many customers it wrote. */
async function writeCustomers({ env }: RunningEmulators): Promise<number> {
  const { firestore } = clientsOf(env);
  const random = new Random(SEED);
  let number = 0;
  for (const history of histories) {
    for (let count = 0; count < history.customers; count += 1) {
      number += 1;
      await writeHistory(firestore, history, buyer(number, random), MOMENT, random);
    }
  }
  await firestore.terminate();
  return number;
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
