import type { Request, Response } from '@google-cloud/functions-framework';
import { composeUnsubscribe, logFor } from '../compose.ts';
import { localeFor, locales, type Locale } from '../domain/content.ts';
import { subjectOf } from '../domain/signed-token.ts';
import type { Recipient } from '../domain/subscription.ts';
import { RetryableError } from '../errors.ts';
import { decodeUnsubscribeForm } from '../messages/unsubscribe-form.ts';
import type { UnsubscribePages } from '../ports.ts';
import { recipientOf, unsubscribe, type Unsubscribe } from '../usecases/unsubscribe.ts';
import { beforeDeadline } from './deadline.ts';
import { answerRefusal, Refusal } from './refusal.ts';
import { contentTypeOf, readBody } from './unparsed-body.ts';

/** The largest form that is read, in bytes: one field, with room for how some client may wrap it. */
const MAX_BODY = 16 * 1024;

/** When to try again what failed, in seconds. */
const RETRY_AFTER = '120';

interface Page extends Unsubscribe {
  readonly pages: UnsubscribePages;
  readonly tokenKeys: readonly string[];
  /** How long somebody is kept waiting before hearing that it does not work now, in ms. */
  readonly timeout: number;
}

interface Reply {
  readonly status: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly type: 'html' | 'text';
  readonly body: string;
}

/**
 * Somebody follows the unsubscribe link of an email, uses a button of the page behind it, or a button of the mail
 * client. Only POST changes anything.
 */
export async function onUnsubscribeRequested(request: Request, response: Response): Promise<void> {
  const log = logFor(request.get('traceparent'));
  try {
    const page = { ...(await composeUnsubscribe()), log };
    protect(response, page.pages.styleHash);
    const { status, headers, type, body } = await inTime(request, page);
    response.status(status).set(headers).type(type).send(body);
  } catch (error) {
    if (error instanceof Refusal) return answerRefusal(response, error);
    log.functionFailed('unsubscribe', {}, error);
    response.status(500).type('text').send('Please try again later. | Vuelve a intentarlo más tarde.\n');
  }
}

/** What is still under way when the time is over goes on: a wish is stored even if nobody waits to hear so. */
async function inTime(request: Request, page: Page): Promise<Reply> {
  try {
    return await beforeDeadline(page.timeout, answer(request, page));
  } catch (error) {
    if (!(error instanceof RetryableError)) throw error;
    page.log.functionFailed('unsubscribe', {}, error);
    const body = page.pages.forAnybody('tryLater');
    return { status: 503, headers: { 'Retry-After': RETRY_AFTER }, type: 'html', body };
  }
}

async function answer(request: Request, page: Page): Promise<Reply> {
  if (!['GET', 'HEAD', 'POST'].includes(request.method)) {
    throw new Refusal(405, 'method-not-allowed', 'Use GET or POST.', { Allow: 'GET, HEAD, POST' });
  }
  const token = parameter(request, 'token') ?? '';
  const emailId = subjectOf('unsubscribe', token, page.tokenKeys);
  if (emailId === undefined) {
    return { status: 400, type: 'html', body: page.pages.forAnybody('incompleteLink') };
  }
  const form = request.method === 'POST' ? await readForm(request) : undefined;
  if (form !== undefined) await unsubscribe(emailId, form.choice, form.how, page);
  if (form?.how === 'one-click') return { status: 200, type: 'text', body: 'Unsubscribed.\n' };

  const recipient = await recipientOf(emailId, page);
  const body = page.pages.forRecipient(recipient, {
    locale: localeOf(request, recipient),
    undone: form?.choice === 'undo',
    linkIn: (lang) => `?${new URLSearchParams({ token, lang }).toString()}`,
  });
  return { status: 200, type: 'html', body };
}

async function readForm(request: Request) {
  const body = await readBody(request, MAX_BODY);
  const form = decodeUnsubscribeForm(contentTypeOf(request), body);
  if (form !== undefined) return form;
  const message = 'Send a form with List-Unsubscribe=One-Click, or with choice=stop, pause or undo.';
  throw new Refusal(400, 'no-choice', message);
}

/** The language asked for on the page, else the customer's, else the browser's. */
function localeOf(request: Request, { locale }: Recipient): Locale {
  return localeFor(
    parameter(request, 'lang') ?? locale ?? (request.acceptsLanguages(...locales) || undefined),
  );
}

function parameter(request: Request, name: string): string | undefined {
  const value = request.query[name];
  return typeof value === 'string' ? value : undefined;
}

/** The page is for one pair of eyes, and needs nothing but itself. The token stays out of caches and referrers. */
function protect(response: Response, styleHash: string): void {
  response.set({
    'Cache-Control': 'no-store',
    'Content-Security-Policy':
      `default-src 'none'; style-src '${styleHash}'; img-src data:; ` +
      "form-action 'self'; frame-ancestors 'none'; base-uri 'none'",
    'Referrer-Policy': 'no-referrer',
    'X-Content-Type-Options': 'nosniff',
    'X-Robots-Tag': 'noindex, nofollow',
  });
}
