import { composeRecordDelivery } from '../compose/record-delivery.ts';
import type { DeliveryReport } from '../domain/delivery.ts';
import { onRequest, type ReceivedRequest } from '../framework/on-request.ts';
import { Refusal, refusalFor } from '../framework/refusal.ts';
import { log } from '../log.ts';
import { decodeDeliveryReport, type KnownLinks } from '../messages/delivery-event.ts';
import type { WebhookSignature, WebhookVerifier } from '../ports.ts';

/** In bytes: enough for 10,000 events. */
const MAX_BODY = 10 * 1024 * 1024;

/**
 * The endpoint of SendGrid's Event Webhook. The answer 204 means that all events are stored; after any other answer SendGrid
 * sends them again, for up to 24 hours.
 */
export const onDeliveryReported = onRequest({
  methods: ['POST'],
  maxBody: MAX_BODY,
  compose: composeRecordDelivery,
  async handle(request, { verify, links, recordDelivery }) {
    const signature = signatureOf(request);
    const body = await request.body();
    requireGenuine(verify, signature, body);
    await recordDelivery(reportIn(body, links));
    return { status: 204 };
  },
  refuse(error) {
    const refusal = refusalFor(error, notStored, internalError);
    log.deliveryRefused(refusal.status, refusal.code, error === refusal ? undefined : error);
    return refusal.reply;
  },
});

const notStored = new Refusal(503, 'not-stored', 'Not all events could be stored.');
const internalError = new Refusal(500, 'internal-error', 'This is our fault.');

function signatureOf(request: ReceivedRequest): WebhookSignature {
  const signature = request.header('x-twilio-email-event-webhook-signature');
  const timestamp = request.header('x-twilio-email-event-webhook-timestamp');
  if (signature !== undefined && timestamp !== undefined) return { signature, timestamp };
  throw new Refusal(401, 'not-signed', 'Switch on the Signed Event Webhook in the settings of SendGrid.');
}

function requireGenuine(verify: WebhookVerifier, signature: WebhookSignature, body: Uint8Array): void {
  switch (verify(signature, body)) {
    case 'genuine':
      return;
    case 'forged':
      throw new Refusal(401, 'wrong-signature', 'The signature does not fit the request and the key.');
    case 'outdated':
      throw new Refusal(403, 'outdated', 'The request was signed too long ago, or in the future.');
  }
}

function reportIn(body: Uint8Array, links: KnownLinks): DeliveryReport {
  const report = decodeDeliveryReport(body, links, Date.now());
  if (!('fault' in report)) return report;
  const { code, message } = report.fault;
  throw new Refusal(code === 'too-many-events' ? 413 : 400, code, message);
}
