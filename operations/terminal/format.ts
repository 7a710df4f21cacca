/** How values are printed. */

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

/** To the minute: `2026-05-30 12:00 UTC`. @param time epoch milliseconds. */
export function formatTime(time: number): string {
  return `${new Date(time).toISOString().slice(0, 16).replace('T', ' ')} UTC`;
}

/** Rounded down to the largest unit of which there are at least two: `47 hours`, `2 days`. @param duration in ms. */
export function formatDuration(duration: number): string {
  if (duration >= 2 * DAY) return `${Math.floor(duration / DAY)} days`;
  if (duration >= 2 * HOUR) return `${Math.floor(duration / HOUR)} hours`;
  return formatCount(Math.floor(duration / MINUTE), 'minute');
}

const whole = new Intl.NumberFormat('en', { maximumFractionDigits: 0 });

/** `1 email`, `2 emails`, `1,200 emails`. */
export function formatCount(count: number, noun: string): string {
  return `${whole.format(count)} ${plural(count, noun)}`;
}

/** The noun as it stands behind a number: `email` after 1, and `emails` otherwise. */
export function plural(count: number, noun: string): string {
  return whole.format(count) === '1' ? noun : `${noun}s`;
}

/** One line for each name and its value, the values below each other. @param width of the names, with the space after. */
export function formatRows(rows: readonly (readonly [name: string, value: string])[], width: number): string {
  return rows.map(([name, value]) => escapeControls(`${name.padEnd(width)}${value}`)).join('\n');
}

/** Makes control characters visible: text from outside must not steer the terminal. */
export function escapeControls(line: string): string {
  return line.replaceAll(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu, (character) => {
    const code = character.codePointAt(0) ?? 0;
    return `\\u{${code.toString(16)}}`;
  });
}
