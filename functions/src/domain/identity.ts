import { createHash, createHmac } from 'node:crypto';
import type { Source } from './transaction.ts';

/** 128 bits in hexadecimal: without collisions in practice, uniform over Firestore's key space, and short in a log. */
const HEX_DIGITS = 32;

/**
 * The pseudonym of the owner of an email address. Without the key it can be neither computed nor reversed.
 * @param email normalised.
 */
export function customerIdOf(email: string, hashKey: string): string {
  return createHmac('sha256', hashKey).update(`customer:${email}`).digest('hex').slice(0, HEX_DIGITS);
}

/** The ID under which a transaction is stored: the same for every delivery of it, and not sequential. */
export function transactionKeyOf(source: Source, transactionId: string): string {
  return createHash('sha256').update(`${source}\n${transactionId}`).digest('hex').slice(0, HEX_DIGITS);
}

/** The ID under which a message is quarantined: the same for every delivery of it. */
export function quarantineIdOf(topic: string, messageId: string): string {
  return createHash('sha256').update(`${topic}\n${messageId}`).digest('hex').slice(0, HEX_DIGITS);
}

/** A keyed digest of some content, which tells a repetition from a conflict without keeping the content. */
export function digestOf(canonicalContent: string, hashKey: string): string {
  return createHmac('sha256', hashKey)
    .update(`content:${canonicalContent}`)
    .digest('hex')
    .slice(0, HEX_DIGITS);
}
