import * as z from 'zod';
import type { SendOutcome } from '../../domain/email.ts';
import { HOUR, SECOND, type EpochMs, type Millis } from '../../domain/time.ts';
import { codeOf, withoutAddresses } from '../../errors.ts';

/** An answer of SendGrid. */
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

/** Failures before a request is sent: of the host look-up, the connection or the certificate. */
const neverSent = new Set([
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

/** A time to try again that is further away is ignored. */
const LONGEST_WAIT: Millis = 24 * HOUR;

/** In characters: long enough for SendGrid's messages and short enough for a log line. */
const LONGEST_REASON = 500;

/**
 * The meaning of an answer (docs/adr/0012):
 *
 * - 202 means that SendGrid has accepted the email, even without the header with the message ID: the webhook finds the email by
 *   its own ID. In sandbox mode 200 means this; otherwise 200 means nothing.
 * - 408, 429 and 5xx mean that it was not accepted this time; 401 and 403 too, because of a faulty set-up and not of the email.
 * - 502 and 504 come from a gateway, which may have passed the email on.
 * - Any other 4xx refuses the email permanently.
 * - Anything else does not come from SendGrid, which may have accepted the email nevertheless.
 */
export function outcomeOfAnswer(
  { status, body, ...answer }: Answer,
  sandbox: boolean,
  now: EpochMs,
): SendOutcome {
  const headers = headersSchema.parse(answer.headers);
  if (status === (sandbox ? 200 : 202)) return { kind: 'accepted', messageId: headers['x-message-id'] };
  const reason = `SendGrid answered ${status}: ${messagesIn(body)}${adviceFor(status)}`.slice(
    0,
    LONGEST_REASON,
  );
  if (status < 400 || fromGateway.has(status)) return { kind: 'ambiguous', reason };
  if (status < 500 && !temporary.has(status)) return { kind: 'refused', reason };
  const retryAt = retryAtOf(headers, now);
  return { kind: 'not-accepted', reason, ...(retryAt !== undefined && { retryAt }) };
}

/** 4xx that are not about the email itself. */
const temporary = new Set([401, 403, 408, 429]);
const fromGateway = new Set([502, 504]);

/** The outcome of a request without an answer: ambiguous, unless the request was certainly never sent. */
export function outcomeOfFailure(failure: unknown): SendOutcome {
  // Only the deadline cancels a request. The message is left out, because it may quote the email.
  const code = codeOf(failure).replace('ERR_CANCELED', 'timeout');
  return neverSent.has(code)
    ? { kind: 'not-accepted', reason: `SendGrid could not be reached (${code})` }
    : { kind: 'ambiguous', reason: `no proper answer from SendGrid (${code})` };
}

/** SendGrid's own messages, without the addresses that they quote. */
function messagesIn(body: unknown): string {
  const faults = faultsSchema.safeParse(body);
  if (!faults.success) return 'no reason given';
  const messages = faults.data.errors.map(({ message, field }) =>
    field ? `${message} (${field})` : message,
  );
  return withoutAddresses(messages.join('; '));
}

/** Both statuses mean a faulty set-up, which affects every email. */
function adviceFor(status: number): string {
  if (status === 401) return ' [check the API key, and the credits of the account]';
  if (status === 403) return ' [check that the sender is verified and that the API key may send mail]';
  return '';
}

/**
 * When to try again: `X-RateLimit-Reset` in epoch seconds, or `Retry-After` in seconds or as a date (RFC 9110,
 * 10.2.3). Undefined when neither names a plausible time.
 */
function retryAtOf(headers: Headers, now: EpochMs): EpochMs | undefined {
  const after = headers['retry-after'] ?? '';
  const candidates = [
    Number(headers['x-ratelimit-reset']) * SECOND,
    /^\d+$/u.test(after) ? now + Number(after) * SECOND : Date.parse(after),
  ];
  return candidates.find((time) => time > now && time <= now + LONGEST_WAIT);
}
