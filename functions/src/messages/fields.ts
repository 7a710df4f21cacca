import * as z from 'zod';
import type { MessageFault, QuarantineReason } from '../domain/quarantine.ts';
import { DAY, MINUTE, SECOND, type EpochMs } from '../domain/time.ts';

/** The fields that all contracts have in common. */

/** How far a source's clock may be ahead. */
const CLOCK_TOLERANCE = 5 * MINUTE;

/** Text as a source writes it. Firestore stores UTF-8, which has no lone surrogates; NUL breaks programs that read the text. */
export const text = (max: number) =>
  z
    .string()
    .max(max)
    .refine((value) => value.isWellFormed() && !value.includes('\0'), {
      error: 'must be well-formed Unicode without NUL',
    });

/** A name that people read: white space alone is none. */
export const label = (max: number) => text(max).regex(/\S/u, { error: 'must not be empty' });

export const identifier = (max: number) => text(max).min(1);

/** The grammar of RFC 3339, 5.6, in which T and Z may be lower case. The first digit of the year rules out what is before 2000. */
const RFC_3339 = /^[2-9]\d{3}-\d\d-\d\d[Tt]\d\d:\d\d:\d\d(\.\d+)?([Zz]|[+-]\d\d:\d\d)$/u;

/**
 * A time as a source writes it. Its bounds matter because earliest times stay: a clock that was never set, at the epoch of its
 * system, would be the first purchase of a customer for ever.
 */
export const instant = z
  .string()
  .regex(RFC_3339, { error: 'must be a date and time with offset (RFC 3339), not before 2000-01-01' })
  .transform(withoutLeapSecond)
  .pipe(z.iso.datetime({ offset: true, error: 'must be a date and time that exist' }))
  .transform((time) => Date.parse(time))
  .meta({ format: 'date-time', description: 'Not before 2000-01-01, as written.' });

/** A leap second (23:59:60 in UTC) counts as the second before it, because the time of computers has none. */
function withoutLeapSecond(time: string): string {
  const upper = time.toUpperCase();
  const before = upper.replace(/:60(?=[.Z+-])/u, ':59');
  const endsADay = (Date.parse(before) + SECOND) % DAY < SECOND;
  return endsADay ? before : upper;
}

export const versionOne = z.literal(1).exactOptional().meta({ description: '1 when absent.' });

export function isTooFarAhead(occurredAt: EpochMs, now: EpochMs): boolean {
  return occurredAt > now + CLOCK_TOLERANCE;
}

export function occurredTooFarAhead(reason: QuarantineReason): MessageFault {
  return { reason, details: ['occurredAt: must not lie more than 5 minutes in the future'] };
}
