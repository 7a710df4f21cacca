import { choices, type UnsubscribeRequest } from '../domain/subscription.ts';

/** What a mail client sends to unsubscribe (https://www.rfc-editor.org/rfc/rfc8058#section-3.2). */
const ONE_CLICK = 'List-Unsubscribe=One-Click';

const oneClick: UnsubscribeRequest = { choice: 'stop', how: 'one-click' };

/**
 * Decodes the request of a mail client, in either encoding of forms, or the form of the page. A body that is not a form but
 * contains the text of a mail client's request still unsubscribes, and so does an empty one: the signed link identifies the
 * customer, and a mail client posts to it for nothing else.
 * @returns undefined for any other body.
 */
export async function decodeUnsubscribeForm(
  contentType: string,
  body: Uint8Array,
): Promise<UnsubscribeRequest | undefined> {
  // Every body is text in Latin-1, and only ASCII is compared.
  const text = Buffer.from(body).toString('latin1').trim();
  if (text === '') return oneClick;
  const fields = await fieldsOf(contentType, text);
  const isOneClick =
    fields === undefined ? text.includes(ONE_CLICK) : valueOf(fields, 'List-Unsubscribe') === 'One-Click';
  if (isOneClick) return oneClick;
  const choice = choices.find((candidate) => fields && candidate === valueOf(fields, 'choice'));
  return choice && { choice, how: 'page' };
}

/** Undefined when the text does not match its type. Without a type, it counts as URL-encoded. */
async function fieldsOf(contentType: string, text: string): Promise<FormData | undefined> {
  const type = contentType || 'application/x-www-form-urlencoded';
  // Some clients end lines with LF alone, where multipart forms must have CRLF.
  const body = text.replaceAll(/\r?\n/gu, '\r\n');
  try {
    return await new Response(body, { headers: { 'content-type': type } }).formData();
  } catch {
    return undefined;
  }
}

/** Some clients add a line break to the value. */
function valueOf(fields: FormData, name: string): string | undefined {
  const value = fields.get(name);
  return typeof value === 'string' ? value.trim() : undefined;
}
