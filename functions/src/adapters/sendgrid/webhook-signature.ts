import { createVerify, type KeyObject } from 'node:crypto';
import type { Clock, WebhookVerifier } from '../../ports.ts';

/** How far ahead of ours SendGrid's clock may be, in ms. */
const CLOCK_SKEW = 5 * 60_000;

/**
 * Tells SendGrid's own requests from others. SendGrid signs the timestamp and the body, as they are sent, by ECDSA over
 * P-256 and SHA-256.
 * https://www.twilio.com/docs/sendgrid/for-developers/tracking-events/getting-started-event-webhook-security-features
 * @param tolerance how old a request may be, in ms.
 */
export function webhookVerifier(publicKey: KeyObject, tolerance: number, clock: Clock): WebhookVerifier {
  return ({ signature, timestamp }, body) => {
    const verification = createVerify('sha256').update(timestamp).update(body);
    if (!verification.verify(publicKey, signature, 'base64')) return 'forged';
    // The timestamp is in seconds.
    const age = clock() - Number(timestamp) * 1000;
    return age <= tolerance && age >= -CLOCK_SKEW ? 'genuine' : 'outdated';
  };
}
