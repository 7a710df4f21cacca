/** Times as people read them. */

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

/** To the minute: `2026-05-30 12:00 UTC`. @param time epoch milliseconds. */
export function instantInWords(time: number): string {
  return `${new Date(time).toISOString().slice(0, 16).replace('T', ' ')} UTC`;
}

/** In the largest unit of which there are two, and never more than there is: `47 hours`, `2 days`. @param span in ms. */
export function spanInWords(span: number): string {
  if (span >= 2 * DAY) return `${Math.floor(span / DAY)} days`;
  if (span >= 2 * HOUR) return `${Math.floor(span / HOUR)} hours`;
  const minutes = Math.floor(span / MINUTE);
  return minutes === 1 ? '1 minute' : `${minutes} minutes`;
}
