import pMap from 'p-map';
import { nextStep, type ClaimedEmail, type EmailState, type OpenEmail } from '../domain/email.ts';
import { reasonToWithhold } from '../domain/outreach.ts';
import type { CustomerStore, Versioned } from '../ports.ts';
import { sendEmail, type SendEmail } from './send-email.ts';

export interface ResumeEmails extends SendEmail {
  readonly customers: CustomerStore;
  /** How many emails one run takes up at the most; what is left is the next run's. */
  readonly batchSize: number;
  /** How many of them it works on at the same time. */
  readonly concurrency: number;
}

/**
 * Finishes what a crash or an outage left open: every email whose time has come, the longest waiting first. Any
 * number of runs may go on at once, and any of them may die: an email is taken up by whoever first writes so.
 * @throws RetryableError when the ledger cannot be read.
 */
export async function resumeEmails(to: ResumeEmails): Promise<void> {
  const due = await to.ledger.dueEmails(to.clock(), to.batchSize);
  await pMap(due, (email) => resumeEmail(email, to), { concurrency: to.concurrency });
  const earliestClaim = Math.min(to.clock(), ...due.map(({ value }) => value.claimedAt));
  to.log.emailsResumed(due.length, due.length === to.batchSize, to.clock() - earliestClaim);
}

/** Never throws: one email in trouble must not keep the others waiting; it stays due. */
async function resumeEmail(due: Versioned<OpenEmail>, to: ResumeEmails): Promise<void> {
  try {
    const next = nextStep(due.value, to.delivery, to.clock());
    if (next.step === 'settle') return await settle(due, next.state, to);
    await sendLate(due, to);
  } catch (error) {
    to.log.emailNotResumed(due.value, error);
  }
}

/** The decision to send was taken long ago: what has happened since may have made it wrong. */
async function sendLate(due: Versioned<OpenEmail>, to: ResumeEmails): Promise<void> {
  const { customerId } = due.value;
  // The lease begins before anything is read: whoever stands still then may not send on grounds that are outdated.
  const claimed = nextAttempt(due.value, to);
  const [customer, { value: outreach }] = await Promise.all([
    to.customers.read(customerId),
    to.ledger.read(customerId),
  ]);
  const reason = reasonToWithhold(due.value, customer, outreach, to.clock());
  if (reason !== undefined || customer === undefined) {
    return settle(due, { status: 'rejected', rejectedAt: to.clock(), reason: reason ?? 'no-email' }, to);
  }
  if (await to.ledger.takeUp(claimed, due)) await sendEmail(claimed, customer, to);
}

function nextAttempt(email: OpenEmail, to: ResumeEmails): ClaimedEmail {
  const now = to.clock();
  return { ...email, attempts: email.attempts + 1, attemptedAt: now, dueAt: now + to.delivery.lease };
}

async function settle(due: Versioned<OpenEmail>, state: EmailState, to: ResumeEmails): Promise<void> {
  if (await to.ledger.settleUnchanged(due, state)) to.log.emailSettled(due.value, state, undefined);
}
