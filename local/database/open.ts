import { initializeApp } from 'firebase-admin/app';
import { getFirestore, type Firestore } from 'firebase-admin/firestore';
import { findPlace, type Place } from '../publishing/place.ts';

/** Firestore, where a command works with it. */
export interface Database {
  readonly firestore: Firestore;
  readonly place: Place;
}

/**
 * Firestore on an emulator or in the cloud: see findPlace. It is opened as its owner, whom no rules concern.
 * @throws Error saying what to do when there is neither.
 */
export async function openDatabase(project: string | undefined): Promise<Database> {
  const place = await findPlace('firestore', project);
  if (place.emulator !== undefined) process.env['FIRESTORE_EMULATOR_HOST'] = place.emulator;
  const app = initializeApp({ projectId: place.project }, `${place.project} ${place.emulator ?? ''}`);
  return { firestore: getFirestore(app), place };
}
