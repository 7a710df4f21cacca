import { randomBytes } from 'node:crypto';
import type { MailSend, Personalization } from './request-schema.ts';

/** An event in SendGrid's format: https://www.twilio.com/docs/sendgrid/for-developers/tracking-events/event */
export type WebhookEvent = Readonly<Record<string, unknown>> & { readonly event: string };

/** An event of an email, with the fields that belong to it. */
export type EmailEvent = readonly [event: string, fields?: Readonly<Record<string, unknown>>];

/** What every event of an email repeats. */
export interface SentEmail {
  readonly email: string;
  readonly 'smtp-id': string;
  readonly sg_message_id: string;
  readonly category: readonly string[];
  readonly customArgs: Readonly<Record<string, string>>;
}

/** The email to the first recipient of a personalization. @param position of the personalization. */
export function sentEmail(
  request: MailSend,
  { to: [recipient], custom_args: own }: Personalization,
  position: number,
  messageId: string,
): SentEmail {
  return {
    email: recipient?.email ?? '',
    'smtp-id': `<${messageId}@sendgrid.stand-in>`,
    sg_message_id: `${messageId}.stand-in.${position}`,
    category: request.categories ?? [],
    customArgs: { ...request.custom_args, ...own },
  };
}

/** @param now epoch milliseconds. */
export function webhookEvent(
  { customArgs, ...email }: SentEmail,
  [event, fields]: EmailEvent,
  now: number,
): WebhookEvent {
  const sgEventId = randomBytes(16).toString('base64url');
  return {
    ...customArgs,
    ...email,
    timestamp: Math.floor(now / 1000),
    sg_event_id: sgEventId,
    ...fields,
    event,
  };
}

/** The events of emails to addresses such as `bounce@example.com`. Emails to other addresses are delivered at once. */
const eventsByName: Readonly<Record<string, readonly EmailEvent[]>> = {
  bounce: [
    [
      'bounce',
      {
        type: 'bounce',
        status: '5.1.1',
        reason: '550 5.1.1 The email account that you tried to reach does not exist.',
        bounce_classification: 'Invalid Address',
      },
    ],
  ],
  blocked: [
    [
      'bounce',
      {
        type: 'blocked',
        status: '5.2.2',
        reason: '552 5.2.2 The mailbox is full.',
        bounce_classification: 'Mailbox Unavailable',
      },
    ],
  ],
  deferred: [
    ['deferred', { attempt: '1', response: '421 4.7.0 Try again later.' }],
    ['delivered', { response: '250 2.0.0 OK', tls: 1 }],
  ],
};
const delivered: readonly EmailEvent[] = [['delivered', { response: '250 2.0.0 OK', tls: 1 }]];

/** The events of an email to an address after `processed`. */
export function eventsFor(address: string): readonly EmailEvent[] {
  const [name = ''] = address.toLowerCase().split(/[@+]/u);
  return eventsByName[name] ?? delivered;
}
