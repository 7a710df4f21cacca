import type { Firestore, QueryDocumentSnapshot } from '@google-cloud/firestore';
import { emailAddress } from '../../functions/src/messages/email-address.ts';
import { streamOf } from '../target/queries.ts';
import { textsIn } from './readings.ts';

/** The longest parts of an address before and after its `@` (RFC 5321, 4.5.3.1). */
const LONGEST_LOCAL_PART = 64;
const LONGEST_DOMAIN = 255;

/** What a local part consists of, at the end of a text. Letters that no local part may have are a part of the word. */
const LOCAL_PART = /[\p{L}\p{M}\p{N}.!#$%&'*+/=?^_`{|}~-]+$/u;

/** What a domain consists of, at the beginning of a text. */
const DOMAIN = /^[\p{L}\p{M}\p{N}.-]*[\p{L}\p{M}\p{N}]/u;

/** Legal in a local part, and far more often what separates an address from the text before it, as in `email=ann@…`. */
const SEPARATORS = /[!#$%&*/=?^`{|}~]/gu;

/** Whether bytes contain an address, in any format that can be decoded and however it is spelt. @param email normalised. */
export function containsAddress(bytes: Buffer, email: string): boolean {
  for (const text of textsIn(bytes)) if (mentions(text, email)) return true;
  return false;
}

/** Compares every address in the text in the form that pseudonyms are made from. */
function mentions(text: string, email: string): boolean {
  const composed = text.normalize('NFKC').replaceAll('\u3002', '.');
  const localPart = email.slice(0, email.lastIndexOf('@'));
  for (let at = composed.indexOf('@'); at !== -1; at = composed.indexOf('@', at + 1)) {
    // One character more: the end of a local part that is too long is no address.
    const before = composed.slice(Math.max(0, at - LONGEST_LOCAL_PART - 1), at);
    if (!localPartsIn(before).has(localPart)) continue;
    const domain = DOMAIN.exec(composed.slice(at + 1, at + 1 + LONGEST_DOMAIN))?.[0] ?? '';
    if (emailAddress.safeParse(`${localPart}@${domain}`).data === email) return true;
  }
  return false;
}

/** What the end of a text may be: all of its last run, what follows a separator, and each without a quote before it. */
function localPartsIn(text: string): Set<string> {
  const run = (LOCAL_PART.exec(text)?.[0] ?? '').toLowerCase();
  const starts = [0, ...Array.from(run.matchAll(SEPARATORS), ({ index }) => index + 1)];
  const parts = starts.map((start) => run.slice(start));
  return new Set([...parts, ...parts.map((part) => part.replace(/^['.]+/u, ''))]);
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
  for await (const message of streamOf(firestore.collection('quarantine'))) {
    const attributes = Buffer.from(JSON.stringify(message.get('attributes')));
    const parts = [message.get('data') as Buffer, attributes];
    if (parts.some((part) => containsAddress(part, email))) yield message;
  }
}
