import type { Request, Response } from '@google-cloud/functions-framework';
import { composeRecordDelivery, logFor } from '../compose.ts';
import { RetryableError } from '../errors.ts';
import type { Log } from '../log.ts';
import { decodeDeliveryReport, type DeliveryReport, type KnownLinks } from '../messages/delivery-event.ts';
import type { WebhookSignature, WebhookVerifier } from '../ports.ts';
import { recordDelivery } from '../usecases/record-delivery.ts';
import { answerRefusal, Refusal } from './refusal.ts';
import { readBody } from './unparsed-body.ts';

/** The largest body of a request, in bytes: more than 10,000 events need. */
const MAX_BODY = 10 * 1024 * 1024;

/**
 * SendGrid's Event Webhook reports what became of emails. 204 says that all of it is stored; after any other answer
 * SendGrid reports it again, for up to 24 hours.
 */
export async function onDeliveryReported(request: Request, response: Response): Promise<void> {
  const log = logFor(request.get('traceparent'));
  try {
    requirePost(request);
    const signature = signatureOf(request);
    const { verify, links, ...composed } = await composeRecordDelivery();
    const body = await readBody(request, MAX_BODY);
    requireGenuine(verify, signature, body);
    await recordDelivery(decode(body, links), { ...composed, log });
    response.status(204).end();
  } catch (error) {
    refuse(error, response, log);
  }
}

function requirePost(request: Request): void {
  if (request.method === 'POST') return;
  throw new Refusal(405, 'method-not-allowed', 'Events are reported by POST.', { Allow: 'POST' });
}

function signatureOf(request: Request): WebhookSignature {
  const signature = request.get('x-twilio-email-event-webhook-signature');
  const timestamp = request.get('x-twilio-email-event-webhook-timestamp');
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

function decode(body: Uint8Array, links: KnownLinks): DeliveryReport {
  const report = decodeDeliveryReport(body, links);
  if (!('fault' in report)) return report;
  const { code, message } = report.fault;
  throw new Refusal(code === 'too-many-events' ? 413 : 400, code, message);
}

function refuse(error: unknown, response: Response, log: Log): void {
  const refusal = refusalFor(error);
  log.deliveryRefused(refusal.status, refusal.code, error === refusal ? undefined : error);
  answerRefusal(response, refusal);
}

function refusalFor(error: unknown): Refusal {
  if (error instanceof Refusal) return error;
  if (error instanceof RetryableError)
    return new Refusal(503, 'not-stored', 'Not all events could be stored.');
  return new Refusal(500, 'internal-error', 'This is our fault.');
}
