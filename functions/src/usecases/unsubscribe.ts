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
 * What holds now for the recipient of an email. Changes nothing: security scanners follow links too.
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
 * Does what the recipient of an email chose. Doing it again changes nothing, and it works for an erased customer as well:
 * they must not be written to when they come back.
 *
 * From then on no email is claimed, and none is sent that was deferred or interrupted. One that is being sent at this
 * moment, a matter of seconds, still arrives: checking once more before each would cost a read an email.
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
