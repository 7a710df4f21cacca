import type { RequestHandler } from 'express';
import type { SendMailOptions } from 'nodemailer';
import type { Deliveries } from './deliveries.ts';
import type { MailSend } from './request-schema.ts';

/** Where tracked links and the picture that tells of an open lead, on the stand-in itself. */
export const CLICK_PATH = '/ls/click';
export const OPEN_PATH = '/wf/open';

/** A GIF of one transparent pixel. */
const PIXEL = Buffer.from('R0lGODlhAQABAIAAAAAAAP///yH5BAEAAAAALAAAAAABAAEAAAIBRAA7', 'base64');

/** An absolute link in HTML as email templates are written: one attribute, in double quotes. */
const LINK = /(<a\b[^>]*?\shref=")(https?:[^"]+)(")/giu;

/**
 * Has the links of the HTML part lead over the stand-in, and puts a picture from it at the end, so that clicks and
 * opens become known; unless the request says no.
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

/** Somebody follows a tracked link: it is reported, and leads where it led before. */
export function followLink(deliveries: Deliveries): RequestHandler {
  return (request, response) => {
    const { email, url } = textIn(request.query);
    const target = Buffer.from(url, 'base64url').toString();
    const click = { url: target, url_offset: { index: 0, type: 'html' }, ...reader(request.headers) };
    if (deliveries.happens(email, ['click', click])) response.redirect(302, target);
    else response.sendStatus(404);
  };
}

/** Somebody, or their mail provider, loads the picture. */
export function showPixel(deliveries: Deliveries): RequestHandler {
  return (request, response) => {
    const open = { sg_machine_open: false, ...reader(request.headers) };
    deliveries.happens(textIn(request.query).email, ['open', open]);
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
