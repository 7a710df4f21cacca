import { isSuppressed, type Suppression } from './outreach.ts';

/** What somebody may choose who follows the unsubscribe link of an email. */
export const choices = ['stop', 'pause', 'undo'] as const;
export type Choice = (typeof choices)[number];

/** Whether a customer gets emails, as the customer sees it. */
export type Subscription =
  | { readonly state: 'subscribed' }
  /** @property until epoch milliseconds. */
  | { readonly state: 'paused'; readonly until: number }
  /** @property mayUndo whether it was the customer alone who wanted it so, and may want otherwise. */
  | { readonly state: 'stopped'; readonly mayUndo: boolean };

/** One who follows the unsubscribe link of an email. */
export interface Recipient {
  readonly subscription: Subscription;
  /** When a pause would end that was asked for now. Epoch milliseconds. */
  readonly pauseWouldEnd: number;
  /** Absent when the customer has been erased. */
  readonly maskedAddress?: string;
  /** BCP 47 language tag, where one is known. */
  readonly locale?: string;
}

/**
 * @param outreach undefined when nothing has been done for this customer yet.
 * @param now epoch milliseconds.
 */
export function subscriptionOf(outreach: Suppression | undefined, now: number): Subscription {
  if (outreach === undefined || !isSuppressed(outreach, now)) return { state: 'subscribed' };
  const reasons = Object.keys(outreach.suppressions ?? {});
  if (reasons.length === 0) return { state: 'paused', until: outreach.pausedUntil ?? now };
  return { state: 'stopped', mayUndo: reasons.every((reason) => reason === 'unsubscribed') };
}

const DAY = 24 * 60 * 60 * 1000;
const AVERAGE_MONTH = (365.25 / 12) * DAY;

/**
 * When a pause ends that is asked for now: at the end of a day (UTC), so that asking twice is asking once.
 * @param now epoch milliseconds.
 */
export function endOfPause(now: number, months: number): number {
  return Math.ceil((now + months * AVERAGE_MONTH) / DAY) * DAY;
}
