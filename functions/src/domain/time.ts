/** A point in time, in milliseconds since the Unix epoch. */
export type EpochMs = number;

/** A duration in milliseconds. */
export type Millis = number;

/** Returns the present time. */
export type Clock = () => EpochMs;

export const SECOND: Millis = 1_000;
export const MINUTE: Millis = 60 * SECOND;
export const HOUR: Millis = 60 * MINUTE;
export const DAY: Millis = 24 * HOUR;
