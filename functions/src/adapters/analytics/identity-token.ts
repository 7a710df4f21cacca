import * as z from 'zod';
import { RetryableError } from '../../errors.ts';
import type { Clock } from '../../ports.ts';

/** Gives an OIDC identity token of this service. `deadline` ends the search for one. */
export type IdentityTokens = (deadline: AbortSignal) => Promise<string>;

/** https://cloud.google.com/run/docs/authenticating/service-to-service#acquire-token */
const METADATA_SERVER = 'http://metadata.google.internal';

/** A token is replaced this long before it expires, in ms, so that it is still good when it arrives. */
const SAFETY_MARGIN = 60_000;

const claimsSchema = z.object({ exp: z.int() });

/**
 * Identity tokens from the metadata server of Google Cloud, one kept until shortly before it expires. Asked directly
 * because google-auth-library takes no deadline, and costs 40 ms to load.
 * @param audience the URL of the service that will check the token.
 */
export function metadataIdentityTokens(
  audience: string,
  metadataServer = METADATA_SERVER,
  clock: Clock = Date.now,
): IdentityTokens {
  let token = '';
  let freshUntil = 0;
  return async (deadline) => {
    if (clock() >= freshUntil) {
      token = await fetchToken(metadataServer, audience, deadline);
      freshUntil = expiryOf(token) - SAFETY_MARGIN;
    }
    return token;
  };
}

async function fetchToken(metadataServer: string, audience: string, signal: AbortSignal): Promise<string> {
  const url = new URL('/computeMetadata/v1/instance/service-accounts/default/identity', metadataServer);
  url.searchParams.set('audience', audience);
  const response = await fetch(url, { headers: { 'metadata-flavor': 'Google' }, redirect: 'manual', signal });
  const text = await response.text();
  if (!response.ok)
    throw new RetryableError(`the metadata server answered ${response.status}, and no identity token`);
  return text.trim();
}

/**
 * When a token expires, in epoch milliseconds. Its signature is Analytics' business.
 * @throws RetryableError when it is no JSON Web Token.
 */
function expiryOf(token: string): number {
  const [, payload = ''] = token.split('.');
  try {
    return claimsSchema.parse(JSON.parse(Buffer.from(payload, 'base64url').toString())).exp * 1000;
  } catch {
    throw new RetryableError('the metadata server answered something that is not an identity token');
  }
}
