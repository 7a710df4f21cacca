/** Offsets change at full quarters of an hour at the most often, so one look at the calendar does for all of one. */
const QUARTER = 15 * 60_000;

const hours = new Map<string, number>();
const formats = new Map<string, Intl.DateTimeFormat>();

/**
 * The hour of the day, 0 to 23, that people see on the clock.
 * @param timeZone IANA; UTC when absent or unknown.
 * @param time epoch milliseconds.
 */
export function hourIn(timeZone: string | undefined, time: number): number {
  const quarter = Math.floor(time / QUARTER);
  const key = `${timeZone ?? ''} ${quarter}`;
  let hour = hours.get(key);
  if (hour === undefined) {
    hour = Number(formatFor(timeZone ?? 'UTC').format(quarter * QUARTER));
    hours.set(key, hour);
  }
  return hour;
}

function formatFor(timeZone: string): Intl.DateTimeFormat {
  let format = formats.get(timeZone);
  if (format === undefined) {
    format = createFormat(timeZone);
    formats.set(timeZone, format);
  }
  return format;
}

function createFormat(timeZone: string): Intl.DateTimeFormat {
  const options = { hour: '2-digit', hourCycle: 'h23' } as const;
  try {
    return new Intl.DateTimeFormat('en', { ...options, timeZone });
  } catch {
    // Sources write what they like; what is no time zone is worth no more than none.
    return new Intl.DateTimeFormat('en', { ...options, timeZone: 'UTC' });
  }
}
