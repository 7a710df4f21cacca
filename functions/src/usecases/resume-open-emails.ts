import pMap from 'p-map';
import {
  nextStep,
  type ClaimedEmail,
  type EmailState,
  type OpenEmail,
  type SendingPolicy,
} from '../domain/email.ts';
import { decideLateEmail } from '../domain/outreach.ts';
import type { Clock } from '../domain/time.ts';
import type { Log } from '../log.ts';
import type { CustomerStore, OutreachLedger, Versioned } from '../ports.ts';
import type { SendEmail } from './send-email.ts';

/** The most emails in one run, which fit into its timeout. The next run takes the rest. */
const BATCH_SIZE = 200;

/** How many of them are handled at the same time: no more than Analytics and SendGrid get from live purchases. */
const CONCURRENCY = 10;

/**
 * Finishes the emails that a crash or an outage left open: all that are due, the longest waiting first. Any number of runs may
 * overlap, and any of them may crash: an email belongs to the run that claims it first.
 * @throws RetryableError when the ledger cannot be read.
 */
export type ResumeOpenEmails = () => Promise<void>;

export function createResumeOpenEmails({
  ledger,
  customers,
  sendEmail,
  policy,
  clock,
  log,
  batchSize = BATCH_SIZE,
  concurrency = CONCURRENCY,
}: {
  readonly ledger: OutreachLedger;
  readonly customers: CustomerStore;
  readonly sendEmail: SendEmail;
  readonly policy: SendingPolicy;
  readonly clock: Clock;
  readonly log: Log;
  readonly batchSize?: number;
  readonly concurrency?: number;
}): ResumeOpenEmails {
  /** Never throws: an email that fails stays due and does not hold up the others. */
  async function resume(due: Versioned<OpenEmail>): Promise<void> {
    try {
      const next = nextStep(due.value, policy, clock());
      await (next.step === 'settle' ? settle(due, next.state) : sendLate(due));
    } catch (error) {
      log.emailNotResumed(due.value, error);
    }
  }

  /** Decides again before sending, because the first decision may be out of date. */
  async function sendLate(due: Versioned<OpenEmail>): Promise<void> {
    const { customerId } = due.value;
    // The lease begins before the reads: a run that stalls afterwards must not send on the basis of outdated facts.
    const claimed = nextAttempt(due.value);
    const [customer, { value: outreach }] = await Promise.all([
      customers.read(customerId),
      ledger.read(customerId),
    ]);
    const decision = decideLateEmail(due.value, customer, outreach, clock());
    if (decision.action === 'skip') {
      return settle(due, { status: 'rejected', rejectedAt: clock(), reason: decision.reason });
    }
    if (await ledger.takeUp(claimed, due)) await sendEmail(claimed, decision.recipient);
  }

  function nextAttempt(email: OpenEmail): ClaimedEmail {
    const now = clock();
    return { ...email, attempts: email.attempts + 1, attemptedAt: now, dueAt: now + policy.lease };
  }

  async function settle(due: Versioned<OpenEmail>, state: EmailState): Promise<void> {
    if (await ledger.settleUnchanged(due, state)) log.emailSettled(due.value, state, undefined);
  }

  return async () => {
    const due = await ledger.dueEmails(clock(), batchSize);
    await pMap(due, resume, { concurrency });
    const earliestClaim = Math.min(clock(), ...due.map(({ value }) => value.claimedAt));
    log.emailsResumed(due.length, due.length === batchSize, clock() - earliestClaim);
  };
}
