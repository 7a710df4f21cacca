import path from 'node:path';
import type { DocumentData, Firestore } from '@google-cloud/firestore';
import { expect } from 'chai';
import { writeCustomers } from '../../emulator-data/customers.ts';
import { startEmbeddedCloud } from '../../local/cloud/embedded-cloud.ts';
import { firestoreClient } from '../../local/production/firestore.ts';
import { startEmulators, type RunningEmulators } from '../../local/stack/emulators.ts';
import { describeWithEmulators } from '../support/emulators.ts';

const firestoreExport = path.resolve(
  import.meta.dirname,
  '../../emulator-data/firestore_export/firestore_export.overall_export_metadata',
);

/** All documents by their path. */
async function documentsOf(firestore: Firestore): Promise<Record<string, DocumentData>> {
  const documents: Record<string, DocumentData> = {};
  for (const collection of await firestore.listCollections()) {
    for (const document of (await collection.get()).docs) documents[document.ref.path] = document.data();
  }
  return documents;
}

async function withClient<T>(
  { env }: RunningEmulators,
  use: (firestore: Firestore) => Promise<T>,
): Promise<T> {
  const firestore = firestoreClient(env['FIRESTORE_EMULATOR_HOST'] ?? '');
  try {
    return await use(firestore);
  } finally {
    await firestore.terminate();
  }
}

describeWithEmulators('the sample customers', function () {
  this.timeout(60_000);

  it('are the same documents on the embedded cloud as in the export for the Firebase suite', async () => {
    const embedded = await startEmbeddedCloud();
    const google = await startEmulators({ firestore: true, firestoreExport });
    try {
      const written = await withClient(embedded, async (firestore) => {
        await writeCustomers(firestore);
        return documentsOf(firestore);
      });
      const imported = await withClient(google, documentsOf);
      expect(Object.keys(imported)).to.have.length.above(100);
      expect(written).to.deep.equal(imported);
    } finally {
      await embedded.stop();
      await google.stop();
    }
  });
});
