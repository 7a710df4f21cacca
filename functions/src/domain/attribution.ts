/** What attribution needs to know of an email. Epoch milliseconds. */
export interface AttributableEmail {
  readonly emailId: string;
  /** Undefined when it was not accepted: nobody can have been won by it. */
  readonly acceptedAt?: number;
  /** When a person, and no scanner, first clicked in it. */
  readonly clickedAt?: number;
}

/**
 * Which email a sign-up is credited to: the last one accepted within the window before it, but rather the last one of
 * these that had been clicked by then. Undefined when there is none. Depends on nothing but the facts, so that they
 * may become known in any order.
 * @param signedUpAt epoch milliseconds.
 * @param window in ms.
 */
export function creditedEmail(
  emails: readonly AttributableEmail[],
  signedUpAt: number,
  window: number,
): string | undefined {
  const candidates = emails
    .filter(({ acceptedAt = Infinity }) => acceptedAt <= signedUpAt && signedUpAt - acceptedAt <= window)
    .toSorted((one, other) => (one.acceptedAt ?? 0) - (other.acceptedAt ?? 0));
  const clicked = candidates.filter(({ clickedAt = Infinity }) => clickedAt <= signedUpAt);
  return (clicked.at(-1) ?? candidates.at(-1))?.emailId;
}
