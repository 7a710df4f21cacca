import { createVerify, type KeyObject } from 'node:crypto';
import { MINUTE, SECOND, type Clock, type Millis } from '../../domain/time.ts';
import type { WebhookVerifier } from '../../ports.ts';

/** How far SendGrid's clock may be ahead. */
const CLOCK_SKEW: Millis = 5 * MINUTE;

/**
 * Recognises SendGrid's own requests. SendGrid signs the exact bytes of the timestamp and the body, with ECDSA over P-256 and
 * SHA-256.
 * https://www.twilio.com/docs/sendgrid/for-developers/tracking-events/getting-started-event-webhook-security-features
 * @param tolerance the age up to which a request is valid.
 */
export function webhookVerifier(publicKey: KeyObject, tolerance: Millis, clock: Clock): WebhookVerifier {
  return ({ signature, timestamp }, body) => {
    const verification = createVerify('sha256').update(timestamp).update(body);
    if (!verification.verify(publicKey, signature, 'base64')) return 'forged';
    const age = clock() - Number(timestamp) * SECOND;
    return age <= tolerance && age >= -CLOCK_SKEW ? 'genuine' : 'outdated';
  };
}
