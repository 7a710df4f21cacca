/** Requests to the functions, as they come from outside. */
import { randomUUID, sign } from 'node:crypto';
import { signToken } from '../functions/src/domain/signed-token.ts';
import { webhookEvent } from '../local/stand-ins/sendgrid/webhook-events.ts';
import type { LocalKeys } from '../local/stack/environment.ts';
import { PROJECT } from '../operations/target/local-stack.ts';
import type { Call } from './http-load.ts';

/** A message of a push subscription: https://cloud.google.com/pubsub/docs/push#properties_of_a_push_request */
export function pushOf(topic: string, data: Buffer): Call {
  const publishTime = new Date().toISOString();
  const message = { messageId: randomUUID(), publishTime, attributes: {}, data: data.toString('base64') };
  return {
    path: `/projects/${PROJECT}/topics/${topic}`,
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ subscription: `projects/${PROJECT}/subscriptions/${topic}`, message }),
  };
}

/** SendGrid's Event Webhook reports these emails as delivered. */
export function deliveryReportOf(emailIds: readonly string[], { webhookKey }: LocalKeys): Call {
  const now = Date.now();
  const events = emailIds.map((emailId) => {
    const sent = { email: 'ann.lee@example.com', 'smtp-id': `<${emailId}>`, sg_message_id: emailId };
    return webhookEvent({ ...sent, category: ['join'], customArgs: { emailId } }, ['delivered'], now);
  });
  const body = JSON.stringify(events);
  const timestamp = `${Math.floor(now / 1000)}`;
  const signature = sign('sha256', Buffer.from(timestamp + body), webhookKey).toString('base64');
  return {
    path: '/',
    headers: {
      'content-type': 'application/json',
      'x-twilio-email-event-webhook-signature': signature,
      'x-twilio-email-event-webhook-timestamp': timestamp,
    },
    body,
  };
}

/** The recipient's mail client unsubscribes (RFC 8058). */
export function oneClickOf(emailId: string, { tokenKey }: LocalKeys): Call {
  return {
    path: `/?token=${signToken('unsubscribe', emailId, tokenKey)}`,
    headers: { 'content-type': 'application/x-www-form-urlencoded' },
    body: 'List-Unsubscribe=One-Click',
  };
}

/** A vendor reports purchases over HTTP. */
export function ingestOf(purchases: readonly Buffer[], { vendorKey }: LocalKeys): Call {
  return {
    path: '/',
    headers: { 'content-type': 'application/json', authorization: `Bearer ${vendorKey}` },
    body: `[${purchases.join()}]`,
  };
}

/** The message that the app publishes after a sign-up. */
export function signUpOf(email: string): Buffer {
  const occurredAt = new Date().toISOString();
  return Buffer.from(
    JSON.stringify({ eventId: randomUUID(), type: 'signed-up', occurredAt, customer: { email } }),
  );
}
