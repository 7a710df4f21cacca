/** A span of whole days in UTC. Epoch milliseconds. */
export interface Period {
  /** The first moment of its first day. */
  readonly from: number;
  /** The first moment after its last day. */
  readonly until: number;
}

const DAY = 86_400_000;

/**
 * The period between two dates, both included.
 * @param from a date such as 2026-05-01; all time when undefined.
 * @param to a date; today when undefined.
 * @param now epoch milliseconds.
 * @throws RangeError with a message for the person who gave the dates.
 */
export function periodOf(from: string | undefined, to: string | undefined, now: number): Period {
  const period = {
    from: from === undefined ? 0 : startOf(from),
    until: to === undefined ? now + DAY - (now % DAY) : startOf(to) + DAY,
  };
  if (period.from >= period.until) throw new RangeError('The period ends before it begins.');
  return period;
}

function startOf(date: string): number {
  const start = Date.parse(`${date}T00:00:00Z`);
  // Date.parse turns 31 February into a day in March.
  const isDate = !Number.isNaN(start) && new Date(start).toISOString().startsWith(date);
  if (!isDate || date.length !== 10) throw new RangeError(`${date} is not a date such as 2026-05-01.`);
  return start;
}

/** `2026-05-01 to 2026-05-31` */
export function periodText({ from, until }: Period): string {
  const last = dateOf(until - 1);
  return from === 0 ? `until ${last}` : `${dateOf(from)} to ${last}`;
}

function dateOf(time: number): string {
  return new Date(time).toISOString().slice(0, 10);
}
