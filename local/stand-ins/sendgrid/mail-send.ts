import { randomBytes } from 'node:crypto';
import type { SendMailOptions } from 'nodemailer';
import { mailSendSchema, type MailSend, type Personalization } from './request-schema.ts';
import { invalidRequest, refusals, type Refusal } from './errors.ts';
import { wrongType } from './schema-errors.ts';

/** The senders that the stand-in accepts: addresses, or whole domains. */
export type VerifiedSenders = readonly string[];

/** The result of checking a request. */
export type CheckResult =
  | { readonly kind: 'refused'; readonly refusal: Refusal }
  /** Valid, but not to be delivered: sandbox mode. */
  | { readonly kind: 'sandboxed' }
  | { readonly kind: 'accepted'; readonly messageId: string; readonly request: MailSend };

/** Checks the body of a request as SendGrid does. @param verifiedSenders all senders are accepted when absent. */
export function checkRequest(body: unknown, verifiedSenders?: VerifiedSenders): CheckResult {
  const parsed = mailSendSchema.safeParse(body, { error: wrongType });
  if (!parsed.success) return { kind: 'refused', refusal: invalidRequest(parsed.error) };
  const request = parsed.data;
  if (verifiedSenders !== undefined && !isVerified(request.from.email, verifiedSenders)) {
    return { kind: 'refused', refusal: refusals.unverifiedSender };
  }
  if (request.mail_settings?.sandbox_mode?.enable === true) return { kind: 'sandboxed' };
  return { kind: 'accepted', messageId: randomBytes(16).toString('base64url'), request };
}

function isVerified(sender: string, verifiedSenders: VerifiedSenders): boolean {
  const [address, domain = ''] = [sender.toLowerCase(), sender.toLowerCase().split('@')[1]];
  return verifiedSenders.includes(address) || verifiedSenders.includes(domain);
}

/** The email to the recipients of one personalization. */
export function emailOf(
  request: MailSend,
  personalization: Personalization,
  messageId: string,
): SendMailOptions {
  const { to, cc = [], bcc = [] } = personalization;
  const partOf = (type: string) => request.content.find((part) => part.type === type)?.value;
  const [text, html] = [partOf('text/plain'), partOf('text/html')];
  return {
    from: mailbox(request.from),
    to: to.map(mailbox),
    cc: cc.map(mailbox),
    bcc: bcc.map(mailbox),
    ...(request.reply_to && { replyTo: mailbox(request.reply_to) }),
    subject: personalization.subject ?? request.subject ?? '',
    ...(text !== undefined && { text }),
    ...(html !== undefined && { html }),
    messageId: `<${messageId}@sendgrid.stand-in>`,
    headers: {
      ...request.headers,
      ...personalization.headers,
      ...metadataHeaders(request, personalization, messageId),
    },
  };
}

/** Metadata that SendGrid keeps to itself, shown to the developer who reads the inbox. */
function metadataHeaders(request: MailSend, personalization: Personalization, messageId: string) {
  const customArgs = Object.entries({ ...request.custom_args, ...personalization.custom_args });
  return {
    'X-Message-Id': messageId,
    'X-Categories': (request.categories ?? []).join(', '),
    ...Object.fromEntries(customArgs.map(([name, value]) => [`X-Custom-Arg-${name}`, value])),
  };
}

function mailbox({ email, name }: { email: string; name?: string | undefined }) {
  return { address: email, name: name ?? '' };
}

/** The email IDs in the `custom_args` of a request. */
export function emailIdsOf({ personalizations, custom_args: shared }: MailSend): string[] {
  return personalizations.flatMap(({ custom_args: own }) => ({ ...shared, ...own }).emailId ?? []);
}
