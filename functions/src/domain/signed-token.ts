import { createHmac, timingSafeEqual } from 'node:crypto';

/** The use of a token. A token for one purpose is invalid for another. */
export type TokenPurpose = 'unsubscribe';

/** Signs a subject, such as a customer ID, for one purpose: `{subject}.{signature}`, safe in a URL. */
export function signToken(purpose: TokenPurpose, subject: string, key: string): string {
  return `${subject}.${signature(purpose, subject, key)}`;
}

/**
 * The subject of a token, or undefined when it was not signed for this purpose with any of the keys. Signatures are
 * compared in constant time.
 * @param keys every key that is still valid, so that links in earlier emails work after a rotation.
 */
export function subjectOf(purpose: TokenPurpose, token: string, keys: readonly string[]): string | undefined {
  const dot = token.lastIndexOf('.');
  const subject = token.slice(0, Math.max(dot, 0));
  const given = Buffer.from(token.slice(dot + 1));
  const genuine = keys.some((key) => {
    const expected = Buffer.from(signature(purpose, subject, key));
    return given.length === expected.length && timingSafeEqual(given, expected);
  });
  return genuine ? subject : undefined;
}

function signature(purpose: TokenPurpose, subject: string, key: string): string {
  return createHmac('sha256', key).update(`${purpose}:${subject}`).digest('base64url');
}
