import type { RequestHandler } from 'express';
import type { SendMailOptions } from 'nodemailer';
import type { SentEmails } from './sent-emails.ts';
import type { MailSend } from './request-schema.ts';

/** The paths of tracked links and of the picture that reports an open, on the stand-in. */
export const CLICK_PATH = '/ls/click';
export const OPEN_PATH = '/wf/open';

/** A GIF of one transparent pixel. */
const PIXEL = Buffer.from('R0lGODlhAQABAIAAAAAAAP///yH5BAEAAAAALAAAAAABAAEAAAIBRAA7', 'base64');

/** An absolute link in HTML, as our templates write it: `href` in double quotes. */
const LINK = /(<a\b[^>]*?\shref=")(https?:[^"]+)(")/giu;

/**
 * Leads the links of the HTML part through the stand-in and adds a picture from it at the end, so that clicks and opens
 * are reported, unless the request turns tracking off.
 * @param origin of the stand-in.
 */
export function tracked(
  email: SendMailOptions,
  { tracking_settings: settings }: MailSend,
  sgMessageId: string,
  origin: string,
): SendMailOptions {
  if (typeof email.html !== 'string') return email;
  let { html } = email;
  if (settings?.click_tracking?.enable !== false) {
    html = html.replaceAll(LINK, (_link, before: string, href: string, after: string) => {
      const url = Buffer.from(href.replaceAll('&amp;', '&')).toString('base64url');
      return `${before}${origin}${CLICK_PATH}?email=${sgMessageId}&amp;url=${url}${after}`;
    });
  }
  if (settings?.open_tracking?.enable !== false) {
    const pixel = `<img src="${origin}${OPEN_PATH}?email=${sgMessageId}" alt="" width="1" height="1" border="0">`;
    html = html.includes('</body>') ? html.replace('</body>', `${pixel}</body>`) : html + pixel;
  }
  return { ...email, html };
}

/** Reports a click and redirects to the original link. */
export function followLink(sentEmails: SentEmails): RequestHandler {
  return (request, response) => {
    const { email, url } = textIn(request.query);
    const target = Buffer.from(url, 'base64url').toString();
    const click = { url: target, url_offset: { index: 0, type: 'html' }, ...reader(request.headers) };
    if (sentEmails.record(email, ['click', click])) response.redirect(302, target);
    else response.sendStatus(404);
  };
}

/** Reports an open and serves the picture. */
export function showPixel(sentEmails: SentEmails): RequestHandler {
  return (request, response) => {
    const open = { sg_machine_open: false, ...reader(request.headers) };
    sentEmails.record(textIn(request.query).email, ['open', open]);
    response.set('Cache-Control', 'no-store').type('image/gif').send(PIXEL);
  };
}

function textIn({ email, url }: Readonly<Record<string, unknown>>): { email: string; url: string } {
  const text = (value: unknown) => (typeof value === 'string' ? value : '');
  return { email: text(email), url: text(url) };
}

function reader(headers: { readonly 'user-agent'?: string | undefined }) {
  return { useragent: headers['user-agent'] ?? '', ip: '127.0.0.1' };
}
