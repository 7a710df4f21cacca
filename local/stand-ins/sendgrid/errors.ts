import type { z } from 'zod';

/** One fault of a request, in SendGrid's words: https://www.twilio.com/docs/sendgrid/api-reference/mail-send/errors */
interface Fault {
  readonly message: string;
  readonly field: string | null;
  readonly help: string | null;
}

/** An answer that refuses a request. */
export interface Refusal {
  readonly status: number;
  readonly faults: readonly Fault[];
}

export const refusals = {
  noKey: refusal(401, 'Permission denied, wrong credentials'),
  wrongKey: refusal(401, 'The provided authorization grant is invalid, expired, or revoked'),
  unverifiedSender: refusal(
    403,
    'The from address does not match a verified Sender Identity. Mail cannot be sent until this error is resolved. ' +
      'Visit https://sendgrid.com/docs/for-developers/sending-email/sender-identity/ to see the Sender Identity requirements',
    'from',
  ),
  notFound: refusal(404, 'resource not found'),
  wrongMethod: refusal(405, 'method not allowed'),
  badRequest: refusal(400, 'Bad Request'),
  tooLarge: refusal(413, 'The JSON payload you have included in your request is too large.'),
  wrongType: refusal(415, 'Content-Type should be application/json.'),
  notUtf8: refusal(415, 'Invalid UTF8 in request'),
} as const;

function refusal(status: number, message: string, field: string | null = null): Refusal {
  return { status, faults: [{ message, field, help: null }] };
}

/** The refusal of a request that does not fit the schema: each fault, with the page that explains it. */
export function invalidRequest(error: z.ZodError): Refusal {
  return { status: 400, faults: error.issues.map(faultOf) };
}

function faultOf({ message, path }: z.core.$ZodIssue): Fault {
  if (path.length === 0) return { message, field: null, help: null };
  return { message, field: path.join('.'), help: helpFor(path) };
}

/** The anchors of that page name fields without their positions: `message.personalizations.to`. */
function helpFor(path: readonly PropertyKey[]): string {
  const names = path.filter((step) => typeof step === 'string' && step !== 'email' && step !== 'name');
  return `http://sendgrid.com/docs/API_Reference/Web_API_v3/Mail/errors.html#message.${names.join('.')}`;
}
