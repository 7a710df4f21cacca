import { isUtf8 } from 'node:buffer';
import express, { type ErrorRequestHandler, type Express, type RequestHandler, type Response } from 'express';
import { configurePosting, replaceFaults, triggerEvent } from './control.ts';
import { SentEmails } from './sent-emails.ts';
import { refusals, type Refusal } from './errors.ts';
import { FaultPlan, injectFault } from './faults.ts';
import type { Inbox } from './inbox.ts';
import { emailIdsOf, emailOf, checkRequest, type CheckResult, type VerifiedSenders } from './mail-send.ts';
import { CLICK_PATH, followLink, OPEN_PATH, showPixel, tracked } from './tracking.ts';
import { sentEmail } from './webhook-events.ts';
import type { Webhook } from './webhook.ts';

/** https://www.twilio.com/docs/sendgrid/api-reference/mail-send/limitations */
const LARGEST_REQUEST = '30mb';

export interface SendgridAppOptions {
  /** The only key that it accepts. */
  readonly apiKey: string;
  /** Addresses or domains that it accepts mail from; all of them when absent. */
  readonly verifiedSenders?: VerifiedSenders;
  /** Where the emails are delivered; nowhere when absent. */
  readonly inbox?: Pick<Inbox, 'deliver'>;
}

/** What the stand-in has accepted since it started. */
interface Accepted {
  count: number;
  readonly emailIds: string[];
}

/**
 * The HTTP side of the stand-in: SendGrid's address for sending, the tracked links and pictures of its emails, and the
 * addresses that control it. Without a webhook, emails are not tracked.
 */
export function sendgridApp(
  { apiKey, verifiedSenders, inbox }: SendgridAppOptions,
  webhook?: Webhook,
): Express {
  const faults = new FaultPlan();
  const sentEmails = new SentEmails((event) => webhook?.report(event));
  const accepted: Accepted = { count: 0, emailIds: [] };
  const json = express.json({ limit: LARGEST_REQUEST, verify: requireUtf8 });
  const app = express().disable('x-powered-by');
  const checks = [authorize(apiKey), requireJson, json];

  app.post('/v3/mail/send', ...checks, injectFault(faults), async (request, response) => {
    const result = checkRequest(request.body, verifiedSenders);
    if (result.kind === 'accepted') {
      const origin = webhook && `${request.protocol}://${request.host}`;
      await deliver(result, sentEmails, inbox, origin);
      accepted.count += 1;
      accepted.emailIds.push(...emailIdsOf(result.request));
    }
    answer(result, response);
  });
  app.all('/v3/mail/send', (_request, response) => {
    refuse(response.set('Allow', 'POST'), refusals.wrongMethod);
  });
  app.get(CLICK_PATH, followLink(sentEmails));
  app.get(OPEN_PATH, showPixel(sentEmails));
  app.put('/stand-in/faults', json, replaceFaults(faults));
  app.post('/stand-in/events', json, triggerEvent(sentEmails));
  if (webhook) app.put('/stand-in/webhook', json, configurePosting(webhook));
  app.get('/stand-in/accepted', (_request, response) => {
    response.json(accepted);
  });
  app.use((_request, response) => {
    refuse(response, refusals.notFound);
  });
  app.use(refuseUnreadable);
  return app;
}

function authorize(apiKey: string): RequestHandler {
  return (request, response, next) => {
    const { authorization } = request.headers;
    if (authorization === undefined) refuse(response, refusals.noKey);
    else if (authorization !== `Bearer ${apiKey}`) refuse(response, refusals.wrongKey);
    else next();
  };
}

const requireJson: RequestHandler = (request, response, next) => {
  if (request.is('application/json') === 'application/json') next();
  else refuse(response, refusals.wrongType);
};

function requireUtf8(_request: unknown, _response: unknown, body: Buffer): void {
  if (!isUtf8(body)) throw Object.assign(new Error('the body is not UTF-8'), { status: 415 });
}

/**
 * Delivers to the inbox. The request is answered afterwards, so that the client then finds the email there.
 * @param origin of the stand-in, for tracked links; without it nothing is tracked.
 */
async function deliver(
  { request, messageId }: CheckResult & { kind: 'accepted' },
  sentEmails: SentEmails,
  inbox: SendgridAppOptions['inbox'],
  origin: string | undefined,
): Promise<void> {
  for (const [position, personalization] of request.personalizations.entries()) {
    const sent = sentEmail(request, personalization, position, messageId);
    if (!sentEmails.add(sent) || inbox === undefined) continue;
    const email = emailOf(request, personalization, messageId);
    await inbox.deliver(origin === undefined ? email : tracked(email, request, sent.sg_message_id, origin));
  }
}

function answer(result: CheckResult, response: Response): void {
  if (result.kind === 'refused') refuse(response, result.refusal);
  else if (result.kind === 'sandboxed') response.status(200).end();
  else response.status(202).set('X-Message-Id', result.messageId).end();
}

function refuse(response: Response, { status, faults }: Refusal): void {
  response.status(status).json({ errors: faults });
}

/** Answers an unreadable body as SendGrid does. */
const refuseUnreadable: ErrorRequestHandler = (error: unknown, _request, response, next) => {
  const status = error instanceof Error && 'status' in error ? error.status : undefined;
  if (status === 400) refuse(response, refusals.badRequest);
  else if (status === 413) refuse(response, refusals.tooLarge);
  else if (status === 415) refuse(response, refusals.notUtf8);
  else next(error);
};
