import * as z from 'zod';
import type { MessageFault, QuarantineReason } from '../domain/quarantine.ts';

/** The fields that every contract writes the same way. */

/** How far a source's clock may run ahead of ours, in ms. */
const CLOCK_TOLERANCE = 5 * 60_000;

/** Text as a source writes it. Firestore stores UTF-8, which has no lone surrogates; NUL breaks what reads it later. */
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

/**
 * @param occurredAt epoch milliseconds.
 * @param now epoch milliseconds.
 */
export function isTooFarAhead(occurredAt: number, now: number): boolean {
  return occurredAt > now + CLOCK_TOLERANCE;
}

export function occurredTooFarAhead(reason: QuarantineReason): MessageFault {
  return { reason, details: ['occurredAt: must not lie more than 5 minutes in the future'] };
}
