import type { CustomerChange } from '../domain/customer.ts';
import { claimFor, type SendingPolicy } from '../domain/email.ts';
import { decide, reasonInCustomer, type OutreachPolicy, type SkipReason } from '../domain/outreach.ts';
import type { Clock } from '../domain/time.ts';
import { RetryableError } from '../errors.ts';
import type { Log } from '../log.ts';
import type { OutreachLedger } from '../ports.ts';
import type { SendEmail } from './send-email.ts';

/** How often a claim is tried when other writers keep changing the outreach. */
const ATTEMPTS = 3;

/**
 * A customer has changed: decides whether that earns an email and, if so, claims it and sends it. A failure before the claim
 * is thrown, so that the event is delivered again; after it, the ledger has the email and nothing is thrown.
 * @throws RetryableError when the ledger cannot be reached, or other writers keep changing it.
 */
export type TargetCustomer = (change: CustomerChange) => Promise<void>;

export function createTargetCustomer({
  ledger,
  sendEmail,
  policy,
  lease,
  clock,
  log,
}: {
  readonly ledger: OutreachLedger;
  readonly sendEmail: SendEmail;
  readonly policy: OutreachPolicy;
  readonly lease: SendingPolicy['lease'];
  readonly clock: Clock;
  readonly log: Log;
}): TargetCustomer {
  return async (change) => {
    const customer = change.after;
    const reason = reasonInChange(change) ?? reasonInCustomer(customer, policy, clock());
    if (reason !== undefined) return log.outreachSkipped(customer, reason);

    for (let attempt = 1; attempt <= ATTEMPTS; attempt += 1) {
      const now = clock();
      const outreach = await ledger.read(customer.customerId);
      const decision = decide(customer, outreach.value, policy, now);
      if (decision.action === 'skip') return log.outreachSkipped(customer, decision.reason);

      const email = claimFor(customer.customerId, decision, now, lease);
      if (await ledger.claim(email, outreach)) return sendEmail(email, decision.recipient);
      // Another event, a sign-up or a suppression has changed the outreach first, which may change the decision.
    }
    throw new RetryableError('The outreach of a customer changes too fast to claim an email.');
  };
}

/** Sign-ups and activity change a customer too, but only a purchase earns an email. */
function reasonInChange({ before, after }: CustomerChange): SkipReason | undefined {
  return after.transactions === (before?.transactions ?? 0) ? 'no-new-transaction' : undefined;
}
