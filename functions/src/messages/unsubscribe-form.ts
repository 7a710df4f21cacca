import { choices, type Choice } from '../domain/subscription.ts';

/** What somebody asks for by POST. */
export interface UnsubscribeForm {
  readonly choice: Choice;
  /** By a button of the mail client, or on the page. */
  readonly how: 'one-click' | 'page';
}

/**
 * Reads what a mail client sends (https://www.rfc-editor.org/rfc/rfc8058#section-3.2), or the form of the page. Mail
 * clients may use either encoding of forms, and the platform's own parser knows both.
 * @returns undefined when it is neither.
 */
export async function decodeUnsubscribeForm(
  contentType: string,
  body: Uint8Array<ArrayBuffer>,
): Promise<UnsubscribeForm | undefined> {
  try {
    const form = await new Response(body, { headers: { 'Content-Type': contentType } }).formData();
    if (form.get('List-Unsubscribe') === 'One-Click') return { choice: 'stop', how: 'one-click' };
    const choice = choices.find((candidate) => candidate === form.get('choice'));
    return choice && { choice, how: 'page' };
  } catch {
    return undefined;
  }
}
