import pMap from 'p-map';
import type { Customer } from '../domain/customer.ts';
import { claimedEmail } from '../domain/email.ts';
import { decideFirstSteps, type OutreachPolicy, type Send } from '../domain/outreach.ts';
import type { CustomerStore, DueFirstSteps } from '../ports.ts';
import { sendEmail, type SendEmail } from './send-email.ts';

export interface SendFirstSteps extends SendEmail {
  readonly customers: CustomerStore;
  readonly policy: Pick<OutreachPolicy, 'cooldown' | 'maxEmails'>;
  /** How many customers one run looks at the most; who is left is the next run's. */
  readonly batchSize: number;
  /** How many of them it works on at the same time. */
  readonly concurrency: number;
}

/**
 * Shows the first steps to everybody who signed up some days ago and has done nothing since. Any number of runs may
 * go on at once.
 * @throws RetryableError when the ledger cannot be read.
 */
export async function sendFirstSteps(to: SendFirstSteps): Promise<void> {
  const due = await to.ledger.dueFirstSteps(to.clock(), to.batchSize);
  await pMap(due, (each) => firstStepsFor(each, to), { concurrency: to.concurrency });
}

/** Never throws: one customer in trouble must not keep the others waiting. */
async function firstStepsFor(due: DueFirstSteps, to: SendFirstSteps): Promise<void> {
  try {
    // The lease begins before anything is read: whoever stands still then may not send on grounds that are outdated.
    const now = to.clock();
    const customer = await to.customers.read(due.customerId);
    const decision = decideFirstSteps(customer, due.outreach.value, to.policy, now);
    switch (decision.action) {
      case 'send':
        return await claimAndSend(customer, decision, due, now, to);
      case 'postpone':
        return await to.ledger.postponeFirstSteps(due, decision.until);
      case 'skip':
        await to.ledger.dropFirstSteps(due);
        return to.log.firstStepsSkipped(due.customerId, decision.reason);
    }
  } catch (error) {
    to.log.firstStepsFailed(due.customerId, error);
  }
}

async function claimAndSend(
  customer: Customer | undefined,
  decision: Send,
  due: DueFirstSteps,
  now: number,
  to: SendFirstSteps,
) {
  if (customer === undefined) return;
  const claimed = claimedEmail(customer, decision, now, to.delivery.lease);
  const email = { ...claimed, occasion: 'sign-up' as const };
  if (await to.ledger.claim(email, due.outreach)) await sendEmail(email, customer, to);
}
