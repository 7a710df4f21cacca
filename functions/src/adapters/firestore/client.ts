import { Firestore } from '@google-cloud/firestore';

/** A client of the project's database. A bundler keeps the names of an SDK only where they are imported statically. */
export function firestoreClient(): Firestore {
  return new Firestore({ ignoreUndefinedProperties: true });
}
