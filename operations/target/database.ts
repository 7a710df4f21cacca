import { initializeApp } from 'firebase-admin/app';
import { getFirestore, type Firestore } from 'firebase-admin/firestore';
import { explainDatabaseError } from './errors.ts';
import { findTarget, type Target } from './target.ts';

/** The Firestore database that a command works on. */
export interface Database {
  readonly firestore: Firestore;
  readonly target: Target;
}

/**
 * Opens the database of a target (see findTarget), uses it and closes it. Security rules do not apply.
 * @throws Error whose message a person can act on.
 */
export async function withDatabase<T>(
  project: string | undefined,
  use: (database: Database) => Promise<T>,
): Promise<T> {
  const target = await findTarget('firestore', project);
  if (target.emulator !== undefined) process.env['FIRESTORE_EMULATOR_HOST'] = target.emulator;
  const firestore = getFirestore(initializeApp({ projectId: target.project }));
  try {
    return await use({ firestore, target });
  } catch (cause) {
    throw new Error(explainDatabaseError(cause), { cause });
  } finally {
    await firestore.terminate();
  }
}
