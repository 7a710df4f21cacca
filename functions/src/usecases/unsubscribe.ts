import { customerIdIn } from '../domain/email.ts';
import { maskedAddress } from '../domain/masked-address.ts';
import { endOfPause, subscriptionOf, type Choice, type Recipient } from '../domain/subscription.ts';
import type { Log } from '../log.ts';
import type { Clock, CustomerStore, SubscriptionStore } from '../ports.ts';

export interface Unsubscribe {
  readonly subscriptions: SubscriptionStore;
  readonly customers: CustomerStore;
  readonly pauseMonths: number;
  readonly clock: Clock;
  readonly log: Log;
}

/**
 * What holds now for the recipient of an email. Changes nothing: security scanners follow links too.
 * @throws RetryableError when the store cannot be reached.
 */
export async function recipientOf(emailId: string, from: Unsubscribe): Promise<Recipient> {
  const customerId = customerIdIn(emailId);
  const [customer, outreach] = await Promise.all([
    from.customers.read(customerId),
    from.subscriptions.read(customerId),
  ]);
  const now = from.clock();
  return {
    subscription: subscriptionOf(outreach, now),
    pauseWouldEnd: endOfPause(now, from.pauseMonths),
    ...(customer?.email !== undefined && { maskedAddress: maskedAddress(customer.email) }),
    ...(customer?.locale !== undefined && { locale: customer.locale }),
  };
}

/**
 * Does what the recipient of an email chose. Doing it again changes nothing, and it is done for whoever has been
 * erased as well: they must not be written to when they come back.
 *
 * From then on no email is claimed, and none is sent that was deferred or interrupted. One that is being sent at this
 * moment, a matter of seconds, still arrives: looking once more before each would cost a read an email.
 * @param how by a button of the mail client (RFC 8058), or on the page.
 * @throws RetryableError when the store cannot be reached.
 */
export async function unsubscribe(
  emailId: string,
  choice: Choice,
  how: 'one-click' | 'page',
  to: Unsubscribe,
): Promise<void> {
  const customerId = customerIdIn(emailId);
  const now = to.clock();
  switch (choice) {
    case 'stop':
      await to.subscriptions.stop(emailId, now);
      break;
    case 'pause':
      await to.subscriptions.pause(customerId, endOfPause(now, to.pauseMonths));
      break;
    case 'undo':
      await to.subscriptions.resume(customerId);
      break;
  }
  to.log.unsubscribed(customerId, emailId, choice, how);
}
