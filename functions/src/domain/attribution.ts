import type { EpochMs, Millis } from './time.ts';

/** The facts about an email that attribution depends on. */
export interface AttributableEmail {
  readonly emailId: string;
  /** Undefined when the email was not accepted: no sign-up can be credited to it. */
  readonly acceptedAt?: EpochMs;
  /** When a person, and not a scanner, first clicked in it. */
  readonly clickedAt?: EpochMs;
}

/** A credit that has just been given. */
export interface Credit {
  readonly emailId: string;
  /** The email that had the credit for the same sign-up until now. */
  readonly movedFrom?: string;
}

/**
 * The email that a sign-up is credited to: of the emails accepted within the window before it, the last one that was
 * clicked by then, or the last one if none was. Undefined when there is none. It depends on the facts alone, so they may
 * become known in any order.
 */
export function creditedEmail(
  emails: readonly AttributableEmail[],
  signedUpAt: EpochMs,
  window: Millis,
): string | undefined {
  const candidates = emails
    .filter(({ acceptedAt = Infinity }) => acceptedAt <= signedUpAt && signedUpAt - acceptedAt <= window)
    .toSorted((one, other) => (one.acceptedAt ?? 0) - (other.acceptedAt ?? 0));
  const clicked = candidates.filter(({ clickedAt = Infinity }) => clickedAt <= signedUpAt);
  return (clicked.at(-1) ?? candidates.at(-1))?.emailId;
}
