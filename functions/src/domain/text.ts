/** Rules for text from outside that goes into an email. */

/** Characters that readers cannot see, or that change the reading direction (Unicode UAX #9): they can only mislead. */
const HIDDEN = /[\p{Cc}\u061C\u200B\u200E\u200F\u2028-\u202E\u2060-\u2067\u206A-\u206F\uFEFF]/u;

/** A first strong isolate and its end, or one of them alone. Only together they do no harm. */
const ISOLATES = /\u2068([^\u2068\u2069]*)\u2069|[\u2068\u2069]/gu;

/** Whether a text holds line breaks, control or direction characters, or characters that were lost in a wrong decoding. */
export function hidesSomething(text: string): boolean {
  const isDamaged = !text.isWellFormed() || text.includes('\uFFFD');
  return isDamaged || HIDDEN.test(text) || withoutOpenIsolates(text) !== text;
}

/**
 * Whether a mail client would make part of the text clickable: `https://…`, `www.…`, `example.com`, `ann@example.com`.
 * It errs on the side of caution: `St.Mary`, without a space, counts too.
 */
export function carriesLink(text: string): boolean {
  return /:\/\/|www\.|[\p{L}\p{N}]\.\p{L}{2,}/iu.test(text);
}

/** The text as one visible line, without control and direction characters and with white space collapsed. */
export function oneLine(text: string): string {
  return withoutOpenIsolates(text.toWellFormed())
    .replaceAll(/[\p{Cc}\u2028\u2029]/gu, ' ')
    .replaceAll(new RegExp(HIDDEN, 'gu'), '')
    .replaceAll(/\s+/gu, ' ')
    .trim();
}

function withoutOpenIsolates(text: string): string {
  return text.replaceAll(ISOLATES, (match, isolated?: string) => (isolated === undefined ? '' : match));
}

const graphemes = new Intl.Segmenter(undefined, { granularity: 'grapheme' });

/** How many characters a reader sees: an emoji of several code points is one. */
export function visibleLength(text: string): number {
  return Array.from(graphemes.segment(text.replaceAll(/[\u2068\u2069]/gu, ''))).length;
}

/** The text, or its beginning and an ellipsis when it is longer than `max` visible characters. */
export function cut(text: string, max: number): string {
  if (visibleLength(text) <= max) return text;
  const characters = Array.from(graphemes.segment(text), ({ segment }) => segment);
  const kept = characters.slice(0, max - 1).join('');
  const lastSpace = kept.lastIndexOf(' ');
  const atWord = lastSpace > kept.length / 2 ? kept.slice(0, lastSpace) : kept;
  return `${withoutOpenIsolates(atWord).replace(/[\s,;:–-]+$/u, '')}…`;
}
