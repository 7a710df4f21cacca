import type { CustomerChange } from '../../../functions/src/domain/customer.ts';
import type { Fact } from './history.ts';
import type { Rules } from './moves.ts';
import { controlGroup } from './purchases.ts';
import { suppressedSince, suppressionAt } from './suppression.ts';
import { MAX_TRANSACTION_AGE } from './system.ts';

/**
 * How many emails after purchases must have been claimed for each customer, in the simplest form. The model assumes that
 * nothing is killed or fails, that no run is under way while time passes, a customer makes a choice or first steps are
 * sent, and that the cooldown is longer than a purchase counts as recent: then it does not matter which of several
 * concurrent events comes first.
 */
export function expectedEmails(
  history: readonly Fact[],
  { cooldown, maxEmails }: Rules,
): Map<string, number> {
  const claimed = new Map<string, { at: number; isFirstSteps: boolean }[]>();
  const add = (customerId: string, at: number, isFirstSteps: boolean) =>
    claimed.set(customerId, [...(claimed.get(customerId) ?? []), { at, isFirstSteps }]);
  for (const [place, fact] of history.entries()) {
    if (fact.fact === 'claimed' && fact.email.occasion === 'sign-up') {
      add(fact.email.customerId, fact.at, true);
    }
    if (fact.fact !== 'notified') continue;
    const { customerId } = fact.written.after;
    const before = claimed.get(customerId) ?? [];
    const isSuppressed = suppressedSince(suppressionAt(place, customerId, history), fact.at) !== undefined;
    const mayGetEmail =
      !isSuppressed && before.length < maxEmails && fact.at - (before.at(-1)?.at ?? -Infinity) >= cooldown;
    if (mayGetEmail && earnsAnEmail(fact.written, fact.at)) add(customerId, fact.at, false);
  }
  return new Map(
    [...claimed]
      .map(
        ([customerId, all]) => [customerId, all.filter(({ isFirstSteps }) => !isFirstSteps).length] as const,
      )
      .filter(([, count]) => count > 0),
  );
}

function earnsAnEmail({ before, after }: CustomerChange, now: number): boolean {
  const isPurchase = after.transactions > (before?.transactions ?? 0);
  const isRecent = now - (after.lastTransactionAt ?? -Infinity) <= MAX_TRANSACTION_AGE;
  const isEngaged = after.signedUpAt !== undefined && after.firstActivityAt !== undefined;
  return isPurchase && isRecent && !isEngaged && !controlGroup.includes(after.customerId);
}
