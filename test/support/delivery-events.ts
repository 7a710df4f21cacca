import type { KnownLinks } from '../../functions/src/messages/delivery-event.ts';
import { now } from './transactions.ts';

export const links: KnownLinks = {
  join: 'https://farmacy.example/join',
  unsubscribe: 'https://farmacy.example/unsubscribe',
};

/** An unsubscribe link as it is in an email. */
export const unsubscribeLink = `${links.unsubscribe}?token=secret`;

/** The first email to customer number `n`. */
export function emailIdOf(n: number): string {
  return `${n.toString(16).padStart(32, '0')}~1`;
}

/**
 * An event as SendGrid posts it.
 * @param seconds the time of the event, counted from `now`.
 */
export function sendgridEvent(
  event: string,
  seconds = 0,
  changes: Readonly<Record<string, unknown>> = {},
): Record<string, unknown> {
  return {
    email: 'ann.lee@example.com',
    timestamp: now / 1000 + seconds,
    'smtp-id': '<14c5d75ce93.dfd.64b469@ismtpd-555>',
    event,
    category: ['join'],
    sg_event_id: `${event}-${seconds}`,
    sg_message_id: '14c5d75ce93.dfd.64b469.filter0001.16648.5515E0B88.0',
    useragent: 'Mozilla/5.0 (Windows NT 10.0)',
    ip: '192.0.2.7',
    emailId: emailIdOf(1),
    ...changes,
  };
}
