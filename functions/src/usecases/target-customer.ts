import { claimedEmail } from '../domain/email.ts';
import type { Customer } from '../domain/customer.ts';
import { decide, reasonInCustomer, type OutreachPolicy } from '../domain/outreach.ts';
import { RetryableError } from '../errors.ts';
import type { CustomerWritten } from '../messages/customer-written.ts';
import { sendEmail, type SendEmail } from './send-email.ts';

export interface TargetCustomer extends SendEmail {
  readonly policy: OutreachPolicy;
}

/** How often a claim is tried when others keep changing the outreach. */
const ATTEMPTS = 3;

/**
 * A customer has changed: decide whether that earns an email and, if so, claim it and send it.
 * Until the claim is durable an error is thrown and the event delivered again; afterwards the ledger has the
 * email, and nothing is thrown any more.
 * @throws RetryableError when the ledger cannot be reached, or others keep changing it.
 */
export async function targetCustomer({ before, after }: CustomerWritten, to: TargetCustomer): Promise<void> {
  const reason = reasonInChange(before, after) ?? reasonInCustomer(after, to.policy, to.clock());
  if (reason !== undefined) return to.log.outreachSkipped(after, reason);

  for (let attempt = 1; attempt <= ATTEMPTS; attempt += 1) {
    const now = to.clock();
    const known = await to.ledger.read(after.customerId);
    const decision = decide(after, known.value, to.policy, now);
    if (decision.action === 'skip') return to.log.outreachSkipped(after, decision.reason);

    const email = claimedEmail(after, decision, now, to.delivery.lease);
    if (await to.ledger.claim(email, known)) return sendEmail(email, after, to);
    // Beaten by another event of this customer, or by a sign-up or a suppression: that may change the decision.
  }
  throw new RetryableError('The outreach of a customer changes too fast to claim an email.');
}

/** Sign-ups, activity and corrections change a customer too; only a purchase earns an email. */
function reasonInChange(before: Customer | undefined, after: Customer): 'no-new-transaction' | undefined {
  return after.transactions === (before?.transactions ?? 0) ? 'no-new-transaction' : undefined;
}
