/** Identity tokens as Google signs them for push requests, but signed by a throwaway key. */
import { generateKeyPairSync, sign, type KeyObject } from 'node:crypto';

/** In seconds. */
const LIFETIME = 60 * 60;

let privateKey: KeyObject | undefined;

/**
 * A JSON Web Token with the claims of https://cloud.google.com/pubsub/docs/authenticate-push-subscriptions.
 * @param now in milliseconds since 1970.
 */
export function identityToken(email: string, audience: string, now: number): string {
  privateKey ??= generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey;
  const iat = Math.floor(now / 1_000);
  const claims = {
    aud: audience,
    email,
    email_verified: true,
    exp: iat + LIFETIME,
    iat,
    iss: 'https://accounts.google.com',
    sub: '100000000000000000000',
  };
  const signed = `${encoded({ alg: 'RS256', kid: 'embedded', typ: 'JWT' })}.${encoded(claims)}`;
  return `${signed}.${sign('RSA-SHA256', Buffer.from(signed), privateKey).toString('base64url')}`;
}

function encoded(part: object): string {
  return Buffer.from(JSON.stringify(part)).toString('base64url');
}
