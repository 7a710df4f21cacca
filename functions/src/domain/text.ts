/** Rules for text from outside that goes into an email: names, products, places, subjects. */

/** Characters that readers cannot see, or that change the reading direction (Unicode UAX #9): they can only mislead. */
const HIDDEN = /[\p{Cc}\u061C\u200B\u200E\u200F\u2028-\u202E\u2060-\u206F\uFEFF]/u;

/** Whether a text holds line breaks, control or direction characters, or is not well-formed Unicode. */
export function hidesSomething(text: string): boolean {
  return !text.isWellFormed() || HIDDEN.test(text);
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
  return text
    .toWellFormed()
    .replaceAll(/[\p{Cc}\u2028\u2029]/gu, ' ')
    .replaceAll(new RegExp(HIDDEN, 'gu'), '')
    .replaceAll(/\s+/gu, ' ')
    .trim();
}

const graphemes = new Intl.Segmenter(undefined, { granularity: 'grapheme' });

/** How many characters a reader sees: an emoji of several code points is one. */
export function visibleLength(text: string): number {
  return Array.from(graphemes.segment(text)).length;
}

/** The text, or its beginning and an ellipsis when it is longer than `max` visible characters. */
export function cut(text: string, max: number): string {
  const characters = Array.from(graphemes.segment(text), ({ segment }) => segment);
  if (characters.length <= max) return text;
  const kept = characters.slice(0, max - 1).join('');
  const lastSpace = kept.lastIndexOf(' ');
  const atWord = lastSpace > kept.length / 2 ? kept.slice(0, lastSpace) : kept;
  return `${atWord.replace(/[\s,;:–-]+$/u, '')}…`;
}

/**
 * A name as an email may show it, or null when it is empty, longer than `max` visible characters, or contains a link: such
 * a name misuses our emails to deliver its link.
 */
export function presentable(name: string | undefined, max: number): string | null {
  const line = oneLine(name ?? '');
  return line === '' || visibleLength(line) > max || carriesLink(line) ? null : line;
}
