import { isSuppressed, type Suppression } from './outreach.ts';
import { DAY, type EpochMs } from './time.ts';

/** The choices of a recipient on the unsubscribe page. */
export const choices = ['stop', 'pause', 'undo'] as const;
export type Choice = (typeof choices)[number];

/** A choice, and the way it was made: by a button of the mail client (RFC 8058), or on the page. */
export interface UnsubscribeRequest {
  readonly choice: Choice;
  readonly how: 'one-click' | 'page';
}

/** Whether a customer gets emails, as the customer sees it. */
export type Subscription =
  | { readonly state: 'subscribed' }
  | { readonly state: 'paused'; readonly until: EpochMs }
  /** @property mayUndo whether an unsubscribe is the only reason, which the customer may undo. */
  | { readonly state: 'stopped'; readonly mayUndo: boolean };

/** The facts about a recipient that the unsubscribe page shows. */
export interface SubscriptionSummary {
  readonly subscription: Subscription;
  /** The end of a pause that starts now. */
  readonly pauseWouldEnd: EpochMs;
  /** Absent when the customer has been erased. */
  readonly maskedAddress?: string;
  /** BCP 47 language tag, where one is known. */
  readonly locale?: string;
}

/** @param outreach undefined when nothing has been done for this customer yet. */
export function subscriptionOf(outreach: Suppression | undefined, now: EpochMs): Subscription {
  if (outreach === undefined || !isSuppressed(outreach, now)) return { state: 'subscribed' };
  const reasons = Object.keys(outreach.suppressions ?? {});
  if (reasons.length === 0) return { state: 'paused', until: outreach.pausedUntil ?? now };
  return { state: 'stopped', mayUndo: reasons.every((reason) => reason === 'unsubscribed') };
}

/** The length of a pause: long enough to be a relief, short enough that the customer comes back. */
export const PAUSE_MONTHS = 3;

const AVERAGE_MONTH = (365.25 / 12) * DAY;

/** The end of a pause that starts now: the end of a day (UTC), so that a repeated request gives the same end. */
export function endOfPause(now: EpochMs): EpochMs {
  return Math.ceil((now + PAUSE_MONTHS * AVERAGE_MONTH) / DAY) * DAY;
}

/**
 * An address that only its owner recognises: `a•••@e•••.com` for `ann@example.com`.
 * @param address normalised.
 */
export function maskedAddress(address: string): string {
  const at = address.lastIndexOf('@');
  const topLevelDomain = address.slice(address.lastIndexOf('.') + 1);
  return `${address.charAt(0)}•••@${address.charAt(at + 1)}•••.${topLevelDomain}`;
}
