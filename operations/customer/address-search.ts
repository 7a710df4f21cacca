import { domainToUnicode } from 'node:url';
import type { Firestore, QueryDocumentSnapshot } from '@google-cloud/firestore';
import type { StoredAttribute } from '../../functions/src/adapters/firestore/quarantine.ts';
import { streamOf } from '../target/database.ts';

/** Finds one address in texts, in every spelling. */
export interface AddressSearch {
  isIn(text: string): boolean;
}

/**
 * A search for one address. The text need not be JSON: much of the quarantine is not. Escapes of JSON and of URLs are
 * decoded, and a domain may be in Unicode. A longer address that contains this one does not match.
 * @param email normalised.
 */
export function searchFor(email: string): AddressSearch {
  const at = email.lastIndexOf('@');
  const spellings = [email, `${email.slice(0, at + 1)}${domainToUnicode(email.slice(at + 1))}`];
  const alternatives = spellings.map((spelling) => RegExp.escape(spelling)).join('|');
  const pattern = new RegExp(
    `(?<![\\p{L}\\p{N}._+'-])(?:${alternatives})(?![\\p{L}\\p{N}-]|\\.[\\p{L}\\p{N}])`,
    'u',
  );
  return { isIn: (text) => pattern.test(unescaped(text).toLowerCase()) };
}

function unescaped(text: string): string {
  return text.replaceAll(/\\u([\da-f]{4})|%(40|2b)/giu, (_, unit: string | undefined, byte: string) =>
    String.fromCharCode(Number.parseInt(unit ?? byte, 16)),
  );
}

/**
 * The quarantined messages that contain an address. A message that could not be decoded is not stored under a pseudonym,
 * so this reads every message.
 * @param email normalised.
 */
export async function* quarantinedWith(
  firestore: Firestore,
  email: string,
): AsyncGenerator<QueryDocumentSnapshot> {
  const search = searchFor(email);
  for await (const message of streamOf(firestore.collection('quarantine'))) {
    const data = (message.get('data') as Buffer).toString('utf8');
    const attributes = message.get('attributes') as StoredAttribute[];
    if ([data, ...attributes.map(({ value }) => value)].some((text) => search.isIn(text))) yield message;
  }
}
