import type { CustomerChange } from '../../../functions/src/domain/customer.ts';
import type { Fact } from './history.ts';
import type { Rules } from './moves.ts';
import { MAX_TRANSACTION_AGE } from './system.ts';

/**
 * How many emails each customer must have received, in the simplest form. The model assumes that nothing crashes or fails,
 * that no run is under way while time passes or a customer is suppressed, and that the cooldown is longer than a purchase
 * counts as recent: then it does not matter which of several concurrent events comes first.
 */
export function expectedEmails(
  history: readonly Fact[],
  { cooldown, maxEmails }: Rules,
): Map<string, number> {
  const suppressed = new Set<string>();
  const sent = new Map<string, number[]>();
  for (const fact of history) {
    if (fact.fact === 'suppressed') suppressed.add(fact.customerId);
    if (fact.fact === 'lifted') suppressed.delete(fact.customerId);
    if (fact.fact !== 'notified') continue;
    const { customerId } = fact.written.after;
    const before = sent.get(customerId) ?? [];
    const last = before.at(-1) ?? -Infinity;
    const mayGetEmail =
      !suppressed.has(customerId) && before.length < maxEmails && fact.at - last >= cooldown;
    if (mayGetEmail && earnsAnEmail(fact.written, fact.at)) sent.set(customerId, [...before, fact.at]);
  }
  return new Map([...sent].map(([customerId, times]) => [customerId, times.length]));
}

function earnsAnEmail({ before, after }: CustomerChange, now: number): boolean {
  const isPurchase = after.transactions > (before?.transactions ?? 0);
  const isRecent = now - (after.lastTransactionAt ?? -Infinity) <= MAX_TRANSACTION_AGE;
  const isEngaged = after.signedUpAt !== undefined && after.firstActivityAt !== undefined;
  return isPurchase && isRecent && !isEngaged && after.group === 'outreach';
}
