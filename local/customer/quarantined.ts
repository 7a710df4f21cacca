import type { Firestore, QueryDocumentSnapshot } from '@google-cloud/firestore';
import { found } from '../database/found.ts';
import { searchFor } from './address-search.ts';

/**
 * The quarantined messages that name an address. What could not be read could not be filed under a pseudonym either, so
 * every message is looked at, one at a time.
 * @param email normalised.
 */
export async function* quarantinedWith(
  firestore: Firestore,
  email: string,
): AsyncGenerator<QueryDocumentSnapshot> {
  const search = searchFor(email);
  for await (const message of found(firestore.collection('quarantine'))) {
    const data = (message.get('data') as Buffer).toString('utf8');
    const attributes = Object.values(message.get('attributes') as Record<string, string>);
    if ([data, ...attributes].some((text) => search.isIn(text))) yield message;
  }
}
