const formats = new Map<string, Intl.DateTimeFormat>();

/**
 * The hour of the day, 0 to 23, on the clocks of a time zone.
 * @param timeZone IANA; UTC when absent or unknown.
 * @param time epoch milliseconds.
 */
export function hourIn(timeZone: string | undefined, time: number): number {
  const zone = timeZone ?? 'UTC';
  const format = formats.get(zone) ?? createFormat(zone);
  formats.set(zone, format);
  return Number(format.format(time));
}

function createFormat(timeZone: string): Intl.DateTimeFormat {
  const options = { hour: '2-digit', hourCycle: 'h23' } as const;
  try {
    return new Intl.DateTimeFormat('en', { ...options, timeZone });
  } catch {
    // Sources may send any text as a time zone.
    return new Intl.DateTimeFormat('en', { ...options, timeZone: 'UTC' });
  }
}
