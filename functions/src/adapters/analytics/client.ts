import { RetryableError } from '../../errors.ts';
import type { ContentQuestion } from '../../domain/content.ts';
import type { LatestTransaction } from '../../domain/customer.ts';
import type { Location } from '../../domain/transaction.ts';
import type { Analytics } from '../../ports.ts';
import { readJson } from './body.ts';
import { metadataIdentityTokens, type IdentityTokens } from './identity-token.ts';

export interface AnalyticsConfig {
  /** Where Analytics is, without the path of the contract. */
  readonly url: string;
  /** The deadline of one question, from the identity token to the last byte of the answer, in ms. */
  readonly timeout: number;
  /** `oidc` proves to Analytics who asks; `none` is for where nobody checks, as in the local stack. */
  readonly auth: 'none' | 'oidc';
  /** Whom the identity token is for. */
  readonly audience: string;
}

/**
 * Asks Analytics over HTTP, as `docs/analytics.openapi.yaml` has it. It is told a pseudonym and a purchase, and
 * neither name nor address.
 */
export function analyticsClient(
  config: AnalyticsConfig,
  identityTokens: IdentityTokens = metadataIdentityTokens(config.audience),
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
          body: JSON.stringify(toRequest(question)),
          // A redirect is no answer: followed, it would carry the identity token elsewhere.
          redirect: 'manual',
          signal: deadline,
        });
        return await answerIn(response);
      } catch (error) {
        throw asRetryable(error, config.timeout);
      }
    },
  };
}

/**
 * The question in the words of the contract, field by field, so that what is not named here is not sent. JSON leaves
 * out what is undefined.
 */
function toRequest({ customerId, stage, locale, sequence, transaction }: ContentQuestion) {
  return { customerId, stage, locale, sequence, transaction: transaction && toPurchase(transaction) };
}

function toPurchase({ occurredAt, source, location, items }: LatestTransaction) {
  return {
    occurredAt: new Date(occurredAt).toISOString(),
    source,
    location: location && toPlace(location),
    items: items.map(({ name, category, quantity }) => ({ name, category, quantity })),
  };
}

function toPlace({ id, name, zone, timeZone }: Location) {
  return { id, name, zone, timeZone };
}

async function answerIn(response: Response): Promise<unknown> {
  if (response.status === 200) return await readJson(response);
  await response.body?.cancel();
  if (response.status === 204) return undefined;
  throw new RetryableError(`Analytics answered ${response.status}`);
}

/** The reason names what went wrong and never quotes what Analytics sent. */
function asRetryable(error: unknown, timeout: number): RetryableError {
  if (error instanceof RetryableError) return error;
  if (error instanceof DOMException && error.name === 'TimeoutError') {
    return new RetryableError(`Analytics did not answer within ${timeout} ms`, { cause: error });
  }
  return new RetryableError(`Analytics could not be asked (${codeOf(error)})`, { cause: error });
}

/** fetch hides the reason of a failed connection in `cause`. */
function codeOf(error: unknown): string {
  const cause = error instanceof Error ? (error.cause ?? error) : error;
  if (!(cause instanceof Error)) return 'unknown failure';
  return 'code' in cause && typeof cause.code === 'string' ? cause.code : cause.name;
}
