import type { PurchaseHistory } from './history.ts';

const SECOND = 1000;

/** Ten minutes, an hour, a day, a week, thirty days: in seconds. */
export const spans = [600, 3600, 86_400, 604_800, 2_592_000] as const;

/** How often people buy again, and what that means for the number of emails. */
export interface Repurchase {
  readonly transactions: number;
  readonly withEmail: number;
  readonly customers: number;
  /** Customers with two purchases or more. */
  readonly repeatCustomers: number;
  /** How many purchases followed the same customer's previous one in less than this many seconds. */
  readonly gaps: Readonly<Record<string, number>>;
  /** How many emails there would be, by cooldown in seconds, if nothing else limited them. */
  readonly emailsByCooldown: Readonly<Record<string, number>>;
}

export function repurchaseIn(history: PurchaseHistory): Repurchase {
  const gaps = spans.map(() => 0);
  const cooldowns = [0, ...spans];
  const emails = cooldowns.map(() => 0);
  let repeatCustomers = 0;
  for (const times of history.timesByBuyer()) {
    if (times.length > 1) repeatCustomers += 1;
    spans.forEach((span, index) => (gaps[index] = (gaps[index] ?? 0) + gapsWithin(times, span * SECOND)));
    cooldowns.forEach(
      (cooldown, index) => (emails[index] = (emails[index] ?? 0) + emailsWith(times, cooldown * SECOND)),
    );
  }
  const { transactions, withEmail, customers } = history;
  return {
    transactions,
    withEmail,
    customers,
    repeatCustomers,
    gaps: keyed(spans, gaps),
    emailsByCooldown: keyed(cooldowns, emails),
  };
}

/** @param times of one customer's purchases in order. @param span in ms. */
function gapsWithin(times: Float64Array, span: number): number {
  let count = 0;
  for (let index = 1; index < times.length; index += 1) {
    if ((times[index] ?? 0) - (times[index - 1] ?? 0) < span) count += 1;
  }
  return count;
}

/**
 * A purchase earns an email when at least the cooldown has passed since the last purchase that did.
 * @param times of one customer's purchases in order.
 * @param cooldown in ms.
 */
function emailsWith(times: Float64Array, cooldown: number): number {
  let count = 0;
  let last = -Infinity;
  for (const time of times) {
    if (time - last < cooldown) continue;
    count += 1;
    last = time;
  }
  return count;
}

function keyed(keys: readonly number[], values: readonly number[]): Record<string, number> {
  return Object.fromEntries(keys.map((key, index) => [String(key), values[index] ?? 0]));
}
