import { composeUnsubscribe, type UnsubscribePage } from '../compose/unsubscribe.ts';
import { localeFor, locales, type Locale } from '../domain/content.ts';
import { subjectOf } from '../domain/signed-token.ts';
import type { SubscriptionSummary, UnsubscribeRequest } from '../domain/subscription.ts';
import { RetryableError } from '../errors.ts';
import { onRequest, type ReceivedRequest } from '../framework/on-request.ts';
import { Refusal, type Reply } from '../framework/refusal.ts';
import { log } from '../log.ts';
import { decodeUnsubscribeForm } from '../messages/unsubscribe-form.ts';

/** In bytes: enough for one field in any encoding. */
const MAX_BODY = 16 * 1024;

/** The time to wait after a failure, in seconds. */
const RETRY_AFTER = '120';

/**
 * The unsubscribe link of an email, the buttons of its page, and the unsubscribe button of mail clients. Only POST changes
 * anything. Work continues after the deadline: a choice is stored even if its answer is late.
 */
export const onUnsubscribeRequested = onRequest({
  methods: ['GET', 'HEAD', 'POST'],
  maxBody: MAX_BODY,
  compose: composeUnsubscribe,
  deadline: ({ timeout }) => timeout,
  handle: async (request, page) => protectedReply(await replyTo(request, page), page),
  refuse(error, _request, page) {
    if (!(error instanceof Refusal)) log.functionFailed('unsubscribe', {}, error);
    const reply = replyToFailure(error, page);
    return page === undefined ? reply : protectedReply(reply, page);
  },
});

async function replyTo(request: ReceivedRequest, page: UnsubscribePage): Promise<Reply> {
  const token = request.parameter('token') ?? '';
  const emailId = subjectOf('unsubscribe', token, page.tokenKeys);
  if (emailId === undefined) return { status: 400, body: { html: page.pages.forAnyone('incompleteLink') } };

  if (request.method === 'POST') {
    const form = await formIn(request);
    await page.unsubscribe(emailId, form);
    return replyToChoice(form, token, request.parameter('lang'));
  }
  const summary = await page.summarizeSubscription(emailId);
  const html = page.pages.forRecipient(summary, {
    locale: localeOf(request, summary),
    undone: request.parameter('undone') !== undefined,
    linkIn: (lang) => linkWith({ token, lang }),
  });
  return { status: 200, body: { html } };
}

/** A browser is sent to the page, so that reloading it posts nothing. A mail client follows no redirect (RFC 8058, 3.1). */
function replyToChoice({ choice, how }: UnsubscribeRequest, token: string, lang: string | undefined): Reply {
  if (how === 'one-click') return { status: 200, body: { text: 'Unsubscribed.\n' } };
  const location = linkWith({ token, ...(lang && { lang }), ...(choice === 'undo' && { undone: 'yes' }) });
  return { status: 303, headers: { Location: location } };
}

/** A link from the page to itself. */
function linkWith(parameters: Readonly<Record<string, string>>): string {
  return `?${new URLSearchParams(parameters).toString()}`;
}

async function formIn(request: ReceivedRequest): Promise<UnsubscribeRequest> {
  const form = await decodeUnsubscribeForm(request.contentType, await request.body());
  if (form !== undefined) return form;
  const message = 'Send a form with List-Unsubscribe=One-Click, or with choice=stop, pause or undo.';
  throw new Refusal(400, 'no-choice', message);
}

/** The language chosen on the page, or else the customer's, or else the browser's. */
function localeOf(request: ReceivedRequest, { locale }: SubscriptionSummary): Locale {
  return localeFor(request.parameter('lang') ?? locale ?? request.preferredLanguage(locales));
}

function replyToFailure(error: unknown, page: UnsubscribePage | undefined): Reply {
  if (error instanceof Refusal) return error.reply;
  if (error instanceof RetryableError && page !== undefined) {
    const html = page.pages.forAnyone('tryLater');
    return { status: 503, headers: { 'Retry-After': RETRY_AFTER }, body: { html } };
  }
  return { status: 500, body: { text: 'Please try again later. | Vuelve a intentarlo más tarde.\n' } };
}

/** Headers for a private page that loads nothing else and keeps its token out of caches and referrers. */
function protectedReply(reply: Reply, { pages }: UnsubscribePage): Reply {
  const headers = {
    'Cache-Control': 'no-store',
    'Content-Security-Policy':
      `default-src 'none'; style-src '${pages.styleHash}'; img-src data:; ` +
      "form-action 'self'; frame-ancestors 'none'; base-uri 'none'",
    'Referrer-Policy': 'no-referrer',
    'X-Content-Type-Options': 'nosniff',
    'X-Robots-Tag': 'noindex, nofollow',
  };
  return { ...reply, headers: { ...headers, ...reply.headers } };
}
