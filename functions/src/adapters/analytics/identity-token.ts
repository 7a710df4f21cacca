import { Compute, IdTokenClient } from 'google-auth-library';
import { codeOf, RetryableError } from '../../errors.ts';

/** Returns an OIDC identity token of this service. `deadline` ends the wait for it. */
export type IdentityTokens = (deadline: AbortSignal) => Promise<string>;

/**
 * Identity tokens of the function's service account, from the metadata server of Google Cloud. A token is cached until shortly
 * before it expires. https://cloud.google.com/run/docs/authenticating/service-to-service
 * @param audience the URL of the service that checks the token.
 */
export function identityTokensFor(audience: string): IdentityTokens {
  const client = new IdTokenClient({ targetAudience: audience, idTokenProvider: new Compute() });
  return async (deadline) => {
    const headers = await before(deadline, requestHeaders(client));
    return (headers.get('authorization') ?? '').replace(/^Bearer /u, '');
  };
}

async function requestHeaders(client: IdTokenClient): Promise<Headers> {
  try {
    return await client.getRequestHeaders();
  } catch (error) {
    // Without the cause, whose message quotes the answer.
    throw new RetryableError(`there is no identity token from the metadata server (${codeOf(error)})`);
  }
}

/** google-auth-library takes no deadline, and retries for longer than a question may take. */
function before<T>(deadline: AbortSignal, work: Promise<T>): Promise<T> {
  const overdue = new Promise<never>((_, reject) => {
    deadline.addEventListener('abort', () => reject(deadline.reason as Error), { once: true });
  });
  return Promise.race([work, overdue]);
}
