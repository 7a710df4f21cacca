import * as z from 'zod';
import type { MessageFault, QuarantineReason } from '../domain/quarantine.ts';
import { MINUTE, type EpochMs } from '../domain/time.ts';

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

export const identifier = (max: number) => text(max).min(1);

export const instant = z.iso.datetime({
  offset: true,
  error: 'must be a date and time with offset (RFC 3339)',
});

export const versionOne = z.literal(1).exactOptional().meta({ description: '1 when absent.' });

export function isTooFarAhead(occurredAt: EpochMs, now: EpochMs): boolean {
  return occurredAt > now + CLOCK_TOLERANCE;
}

export function occurredTooFarAhead(reason: QuarantineReason): MessageFault {
  return { reason, details: ['occurredAt: must not lie more than 5 minutes in the future'] };
}
