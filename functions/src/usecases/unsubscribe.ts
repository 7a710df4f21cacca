import { customerIdIn } from '../domain/email.ts';
import {
  endOfPause,
  maskedAddress,
  subscriptionOf,
  type SubscriptionSummary,
  type UnsubscribeRequest,
} from '../domain/subscription.ts';
import type { Clock } from '../domain/time.ts';
import type { Log } from '../log.ts';
import type { CustomerStore, SubscriptionStore } from '../ports.ts';

/**
 * The subscription of the recipient of an email. It changes nothing, because security scanners follow links too.
 * @throws RetryableError when the store cannot be reached.
 */
export type SummarizeSubscription = (emailId: string) => Promise<SubscriptionSummary>;

export function createSummarizeSubscription({
  customers,
  subscriptions,
  clock,
}: {
  readonly customers: CustomerStore;
  readonly subscriptions: SubscriptionStore;
  readonly clock: Clock;
}): SummarizeSubscription {
  return async (emailId) => {
    const customerId = customerIdIn(emailId);
    const [customer, suppression] = await Promise.all([
      customers.read(customerId),
      subscriptions.read(customerId),
    ]);
    const now = clock();
    return {
      subscription: subscriptionOf(suppression, now),
      pauseWouldEnd: endOfPause(now),
      ...(customer?.email !== undefined && { maskedAddress: maskedAddress(customer.email) }),
      ...(customer?.locale !== undefined && { locale: customer.locale }),
    };
  };
}

/**
 * Applies the choice of the recipient of an email. A repetition changes nothing. It works for an erased customer as well, who
 * must get no emails after a new purchase.
 *
 * From then on no email is claimed, and no deferred or interrupted email is sent. An email that is being sent within these
 * seconds still arrives: another check would cost one more read for each email.
 * @throws RetryableError when the store cannot be reached.
 */
export type Unsubscribe = (emailId: string, request: UnsubscribeRequest) => Promise<void>;

export function createUnsubscribe({
  subscriptions,
  clock,
  log,
}: {
  readonly subscriptions: SubscriptionStore;
  readonly clock: Clock;
  readonly log: Log;
}): Unsubscribe {
  return async (emailId, request) => {
    const customerId = customerIdIn(emailId);
    const now = clock();
    switch (request.choice) {
      case 'stop':
        await subscriptions.stop(emailId, now);
        break;
      case 'pause':
        await subscriptions.pause(customerId, endOfPause(now));
        break;
      case 'undo':
        await subscriptions.resume(customerId);
        break;
    }
    log.unsubscribed(customerId, emailId, request);
  };
}
