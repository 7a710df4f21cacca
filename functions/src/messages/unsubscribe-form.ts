import { choices, type Choice } from '../domain/subscription.ts';

/** What somebody asks for by POST. */
export interface UnsubscribeForm {
  readonly choice: Choice;
  /** By a button of the mail client, or on the page. */
  readonly how: 'one-click' | 'page';
}

/**
 * Reads what a mail client sends (https://www.rfc-editor.org/rfc/rfc8058#section-3.2), which may use either encoding
 * of forms, or the form of the page.
 * @returns undefined when it is neither.
 */
export function decodeUnsubscribeForm(contentType: string, body: Buffer): UnsubscribeForm | undefined {
  const fields = fieldsOf(contentType, body.toString('utf8'));
  if (fields.get('List-Unsubscribe') === 'One-Click') return { choice: 'stop', how: 'one-click' };
  const choice = choices.find((candidate) => candidate === fields.get('choice'));
  return choice && { choice, how: 'page' };
}

function fieldsOf(contentType: string, body: string): ReadonlyMap<string, string> {
  const [, boundary] = /^multipart\/form-data;.*\bboundary="?([^";,]+)/isu.exec(contentType) ?? [];
  return new Map(boundary === undefined ? new URLSearchParams(body) : partsOf(body, boundary));
}

/**
 * The fields of a multipart form (https://www.rfc-editor.org/rfc/rfc7578). Nobody has files or more than a word to
 * send here, so the whole of it is in memory, and a streaming parser would be a dependency for nothing.
 */
function partsOf(body: string, boundary: string): [name: string, value: string][] {
  const parts = `\r\n${body}`.split(/\r?\n/u).join('\n').split(`\n--${boundary}`);
  return parts.slice(1).flatMap((part): [string, string][] => {
    const [, head = '', value = ''] = /^\n(.*?)\n\n(.*)$/su.exec(part) ?? [];
    const [, name] = /^content-disposition:.*;\s*name="?([^";\n]*)/imu.exec(head) ?? [];
    return name === undefined ? [] : [[name, value]];
  });
}
