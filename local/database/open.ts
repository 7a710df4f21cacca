import { Firestore } from '@google-cloud/firestore';
import { findPlace, type Place } from '../publishing/place.ts';

/** Firestore, where a command works with it. */
export interface Database {
  readonly firestore: Firestore;
  readonly place: Place;
}

/**
 * Firestore on an emulator or in the cloud: see findPlace.
 * @throws Error saying what to do when there is neither.
 */
export async function openDatabase(project: string | undefined): Promise<Database> {
  const place = await findPlace('firestore', project);
  const { emulator, project: projectId } = place;
  const settings = { host: emulator, ssl: false, customHeaders: { Authorization: 'Bearer owner' } };
  const firestore = new Firestore({ projectId, ...(emulator !== undefined && settings) });
  return { firestore, place };
}
