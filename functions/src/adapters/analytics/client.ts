import type { ContentQuestion } from '../../domain/content.ts';
import type { LatestTransaction } from '../../domain/customer.ts';
import type { Millis } from '../../domain/time.ts';
import type { Location } from '../../domain/transaction.ts';
import { codeOf, PermanentError, RetryableError } from '../../errors.ts';
import type { Analytics } from '../../ports.ts';
import { readAnswer } from './answer.ts';
import { identityTokensFor, type IdentityTokens } from './identity-token.ts';

export interface AnalyticsConfig {
  /** Where Analytics is, without the path of the contract. */
  readonly url: string;
  /** The deadline of one question, from the identity token to the last byte of the answer. */
  readonly timeout: Millis;
  /** `oidc` identifies this service to Analytics; `none` is for the local stack, which does not check it. */
  readonly auth: 'none' | 'oidc';
  /** The audience of the identity token. */
  readonly audience: string;
}

/**
 * Asks Analytics over HTTP, as `docs/analytics.openapi.yaml` describes. It gets a pseudonym and a purchase, but no name and no
 * address.
 */
export function analyticsClient(
  config: AnalyticsConfig,
  identityTokens: IdentityTokens = identityTokensFor(config.audience),
): Analytics {
  const endpoint = new URL('v1/content', config.url.endsWith('/') ? config.url : `${config.url}/`);
  return {
    async ask(question) {
      const deadline = AbortSignal.timeout(config.timeout);
      try {
        const authorization = config.auth === 'oidc' && {
          authorization: `Bearer ${await identityTokens(deadline)}`,
        };
        const response = await fetch(endpoint, {
          method: 'POST',
          headers: { accept: 'application/json', 'content-type': 'application/json', ...authorization },
          body: JSON.stringify(requestFor(question)),
          // Following a redirect would send the identity token elsewhere.
          redirect: 'manual',
          signal: deadline,
        });
        return await readAnswer(response);
      } catch (error) {
        throw failureOf(error, config.timeout);
      }
    },
  };
}

/**
 * The question in the format of the contract, field by field, so that no other field is sent. JSON leaves out undefined fields.
 */
function requestFor({ customerId, stage, locale, sequence, transaction }: ContentQuestion) {
  return { customerId, stage, locale, sequence, transaction: transaction && purchaseIn(transaction) };
}

function purchaseIn({ occurredAt, source, location, items }: LatestTransaction) {
  return {
    occurredAt: new Date(occurredAt).toISOString(),
    source,
    location: location && locationIn(location),
    items: items
      .filter(({ name }) => name !== undefined)
      .map(({ name, category, quantity }) => ({ name, category, quantity })),
  };
}

function locationIn({ id, name, zone, timeZone }: Location) {
  return { id, name, zone, timeZone };
}

/** The error names the failure and never quotes the answer. */
function failureOf(error: unknown, timeout: Millis): Error {
  if (error instanceof RetryableError || error instanceof PermanentError) return error;
  if (error instanceof DOMException && error.name === 'TimeoutError') {
    return new RetryableError(`Analytics did not answer within ${timeout} ms`, { cause: error });
  }
  return new RetryableError(`Analytics could not be asked (${codeOf(error)})`, { cause: error });
}
