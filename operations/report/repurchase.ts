import type { PurchaseHistory } from './history.ts';

const SECOND = 1000;

/** Ten minutes, an hour, a day, a week and thirty days, in seconds. */
export const spans = [600, 3600, 86_400, 604_800, 2_592_000] as const;

/** How often people buy again, and how many emails that means. */
export interface Repurchase {
  readonly transactions: number;
  readonly withEmail: number;
  readonly customers: number;
  /** Customers with at least two purchases. */
  readonly repeatCustomers: number;
  /** How many purchases followed the same customer's previous one in less than this many seconds. */
  readonly gaps: Readonly<Record<string, number>>;
  /** How many emails there would be, by cooldown in seconds, if nothing else limited them. */
  readonly emailsByCooldown: Readonly<Record<string, number>>;
}

export function repurchaseIn(history: PurchaseHistory): Repurchase {
  const gaps = new Map<number, number>(spans.map((span) => [span, 0]));
  const emails = new Map<number, number>([0, ...spans].map((cooldown) => [cooldown, 0]));
  let repeatCustomers = 0;
  for (const times of history.timesByBuyer()) {
    if (times.length > 1) repeatCustomers += 1;
    for (const [span, count] of gaps) gaps.set(span, count + gapsWithin(times, span * SECOND));
    for (const [span, count] of emails) emails.set(span, count + emailsWith(times, span * SECOND));
  }
  const { transactions, withEmail, customers } = history;
  return {
    transactions,
    withEmail,
    customers,
    repeatCustomers,
    gaps: Object.fromEntries(gaps),
    emailsByCooldown: Object.fromEntries(emails),
  };
}

/** @param times of one customer's purchases in order. @param span in ms. */
function gapsWithin(times: readonly number[], span: number): number {
  return times.filter((time, index) => time - (times[index - 1] ?? -Infinity) < span).length;
}

/**
 * A purchase earns an email when the cooldown has passed since the last purchase that earned one.
 * @param times of one customer's purchases in order.
 * @param cooldown in ms.
 */
function emailsWith(times: readonly number[], cooldown: number): number {
  let count = 0;
  let last = -Infinity;
  for (const time of times) {
    if (time - last < cooldown) continue;
    count += 1;
    last = time;
  }
  return count;
}

/** How many purchases were not the first of their customer. */
export function repeatsIn({ withEmail, customers }: Repurchase): number {
  return withEmail - customers;
}
