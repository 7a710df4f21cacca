import { z } from 'zod';
import { missing } from './schema-errors.ts';

const LONGEST_SCHEDULE = 72 * 60 * 60;

/** https://www.twilio.com/docs/sendgrid/api-reference/mail-send/errors#headers-errors */
const reservedHeaders = new Set([
  'x-sg-id',
  'x-sg-eid',
  'received',
  'dkim-signature',
  'content-type',
  'content-transfer-encoding',
  'to',
  'from',
  'subject',
  'reply-to',
  'cc',
  'bcc',
]);

export const subjectSchema = z
  .string()
  .min(1, { error: 'The subject of your email must be a string at least one character in length.' });

export const headersSchema = z
  .record(z.string(), z.string({ error: 'The header values must be strings.' }))
  .superRefine((headers, context) => {
    const names = Object.keys(headers);
    for (const name of names) {
      const message = faultOfHeader(name);
      if (message !== undefined) context.addIssue({ code: 'custom', message, path: [name] });
    }
    if (new Set(names.map((name) => name.toLowerCase())).size < names.length) {
      context.addIssue({ code: 'custom', message: 'The headers cannot contain duplicate keys.' });
    }
  });

function faultOfHeader(name: string): string | undefined {
  if (!/^[!-~]+$/u.test(name)) return 'Header keys cannot contain non-ASCII characters and empty spaces.';
  return reservedHeaders.has(name.toLowerCase()) ? 'Header can not be one of the reserved keys.' : undefined;
}

export const customArgsSchema = z
  .record(z.string(), z.string({ error: 'All values of custom arguments object must be strings' }))
  .refine((customArgs) => Object.keys(customArgs).length > 0, { error: 'custom_args cannot be empty.' });

export const categoriesSchema = z
  .array(categorySchema(), { error: 'Categories must be an array of strings.' })
  .superRefine((categories, context) => {
    if (categories.length > 10) {
      const message = `There is a limit of 10 categories for each email that is sent. You provided ${categories.length} categories.`;
      context.addIssue({ code: 'custom', message });
    }
    const repeated = categories.find((category, position) => categories.indexOf(category) < position);
    if (repeated !== undefined) {
      const message = `The categories must be a unique list, and you have included ${repeated} more than once.`;
      context.addIssue({ code: 'custom', message });
    }
  });

function categorySchema() {
  return z
    .string({ error: 'Categories must be an array of strings.' })
    .max(255, { error: 'Each category must not be longer than 255 characters.' })
    .regex(/^\p{ASCII}*$/u, { error: 'Categories can not contain non-ASCII characters.' });
}

/** Epoch seconds. */
export const sendAtSchema = z
  .int({ error: 'The send_at parameter is expecting a Unix timestamp as an integer.' })
  .refine((sendAt) => sendAt <= Date.now() / 1000 + LONGEST_SCHEDULE, {
    error: 'Scheduling more than 72 hours in advance is forbidden.',
  });

const EMPTY_CONTENT = 'The content value must be a string at least one character in length.';
const NO_CONTENT =
  'Unless a valid template_id is provided, the content parameter is required. There must be at least one defined content block. ' +
  'We typically suggest both text/plain and text/html blocks are included, but only one block is required.';
const CONTENT_ORDER =
  'Following RFC 1341, section 7.2, if either text/html or text/plain are to be sent in your email: text/plain needs to be first, ' +
  'followed by text/html, followed by any other content.';

const partSchema = z.object({
  type: z
    .string({
      error: missing('A content type is required, this tells email clients how to display the email.'),
    })
    .min(1, { error: 'Your content type must be a string with length of at least one character.' })
    .regex(/^[^;,\r\n]*$/u, { error: "Cannot contain ';', or CRLF characters." }),
  value: z
    .string({
      error: missing('A content value is required, this is the content of the email you are sending.'),
    })
    .min(1, { error: EMPTY_CONTENT }),
});

export const contentSchema = z
  .array(partSchema, { error: missing(NO_CONTENT) })
  .min(1, { error: NO_CONTENT })
  .refine(isInOrder, { error: CONTENT_ORDER });

function isInOrder(parts: readonly { readonly type: string }[]): boolean {
  const ranks = parts
    .map(({ type }) => ['text/plain', 'text/html'].indexOf(type))
    .map((rank) => (rank < 0 ? 2 : rank));
  return ranks.every((rank, position) => rank >= (ranks[position - 1] ?? 0));
}
