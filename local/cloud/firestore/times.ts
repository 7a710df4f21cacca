/** Times of commits and reads: whole microseconds since 1970, which a double holds exactly until the year 2255. */
import type { Timestamp } from './values.ts';

export function toTimestamp(micros: number): Timestamp {
  return { seconds: `${Math.floor(micros / 1_000_000)}`, nanos: (micros % 1_000_000) * 1_000 };
}

export function toMicros({ seconds = '0', nanos = 0 }: Timestamp): number {
  return Number(seconds) * 1_000_000 + Math.floor(nanos / 1_000);
}
