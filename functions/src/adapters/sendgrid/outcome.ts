import * as z from 'zod';
import type { SendOutcome } from '../../domain/email.ts';

/** What SendGrid answered. */
export interface Answer {
  readonly status: number;
  readonly headers: unknown;
  readonly body: unknown;
}

const headersSchema = z.object({
  'x-message-id': z.string().default(''),
  'x-ratelimit-reset': z.string().optional(),
  'retry-after': z.string().optional(),
});
type Headers = z.infer<typeof headersSchema>;

/** SendGrid's error body: https://www.twilio.com/docs/sendgrid/api-reference/mail-send/errors */
const faultsSchema = z.object({
  errors: z.array(z.object({ message: z.string(), field: z.string().nullish() })),
});

/** Failures that happen before a request can leave: looking the host up, connecting, checking the certificate. */
const neverLeft = new Set([
  'ECONNREFUSED',
  'ENOTFOUND',
  'EAI_AGAIN',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'CERT_HAS_EXPIRED',
  'DEPTH_ZERO_SELF_SIGNED_CERT',
  'SELF_SIGNED_CERT_IN_CHAIN',
  'UNABLE_TO_GET_ISSUER_CERT_LOCALLY',
  'UNABLE_TO_VERIFY_LEAF_SIGNATURE',
  'ERR_TLS_CERT_ALTNAME_INVALID',
  'ERR_SSL_WRONG_VERSION_NUMBER',
]);

/** A time further away than this is not believed. In ms. */
const LONGEST_WAIT = 24 * 60 * 60_000;

/** Enough for SendGrid's longest message, little enough for a log line. */
const LONGEST_REASON = 500;

/**
 * What an answer means (docs/adr/0012).
 *
 * - 202 is SendGrid's word that it has taken the email, even if the header with the message ID got lost: the webhook
 *   finds the email by its own ID. In sandbox mode that word is 200, and 200 means nothing anywhere else.
 * - 408, 429 and 5xx say that it has not been taken this time; 401 and 403 say the same, and that the set-up is at
 *   fault, not the email.
 * - 502 and 504 are words of a gateway, which may have passed the email on.
 * - Any other 4xx refuses the email for good.
 * - Whatever is left was not said by SendGrid, and may hide that it has taken the email.
 *
 * @param now epoch milliseconds.
 */
export function outcomeOfAnswer(
  { status, body, ...answer }: Answer,
  sandbox: boolean,
  now: number,
): SendOutcome {
  const headers = headersSchema.parse(answer.headers);
  if (status === (sandbox ? 200 : 202)) return { kind: 'accepted', messageId: headers['x-message-id'] };
  const reason = `SendGrid answered ${status}: ${wordsIn(body)}${adviceFor(status)}`.slice(0, LONGEST_REASON);
  if (status < 400 || ofAGateway.has(status)) return { kind: 'ambiguous', reason };
  if (status < 500 && !passing.has(status)) return { kind: 'refused', reason };
  const retryAt = retryAtOf(headers, now);
  return { kind: 'not-accepted', reason, ...(retryAt !== undefined && { retryAt }) };
}

/** 4xx that say nothing against the email itself. */
const passing = new Set([401, 403, 408, 429]);
const ofAGateway = new Set([502, 504]);

/** What an exchange without an answer means: ambiguous, unless the request certainly never left. */
export function outcomeOfFailure(failure: unknown): SendOutcome {
  const code = codeOf(failure);
  return neverLeft.has(code)
    ? { kind: 'not-accepted', reason: `SendGrid could not be reached (${code})` }
    : { kind: 'ambiguous', reason: `no proper answer from SendGrid (${code})` };
}

/** The code alone: the message of a network error may quote what was sent. */
function codeOf(failure: unknown): string {
  if (!(failure instanceof Error)) return 'unknown failure';
  if (!('code' in failure) || typeof failure.code !== 'string') return failure.name;
  // Nothing but the deadline cancels an exchange.
  return failure.code === 'ERR_CANCELED' ? 'timeout' : failure.code;
}

/** SendGrid's own words, without any address they quote. */
function wordsIn(body: unknown): string {
  const faults = faultsSchema.safeParse(body);
  if (!faults.success) return 'no reason given';
  return faults.data.errors
    .map(({ message, field }) => (field ? `${message} (${field})` : message))
    .join('; ')
    .replaceAll(/[^\s<>[\]"'(),;:]+@[^\s<>[\]"'(),;:]+/gu, '[address]');
}

/** These two are faults of the set-up, and would meet every email alike. */
function adviceFor(status: number): string {
  if (status === 401) return ' [check the API key, and the credits of the account]';
  if (status === 403) return ' [check that the sender is verified and that the API key may send mail]';
  return '';
}

/**
 * When to try again: `X-RateLimit-Reset` in epoch seconds, or `Retry-After` in seconds or as a date (RFC 9110,
 * 10.2.3). Undefined when neither names a believable time.
 */
function retryAtOf(headers: Headers, now: number): number | undefined {
  const after = headers['retry-after'] ?? '';
  const candidates = [
    Number(headers['x-ratelimit-reset']) * 1000,
    /^\d+$/u.test(after) ? now + Number(after) * 1000 : Date.parse(after),
  ];
  return candidates.find((time) => time > now && time <= now + LONGEST_WAIT);
}
