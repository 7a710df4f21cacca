import pMap from 'p-map';
import { claimFor, type ClaimedEmail, type SendingPolicy } from '../domain/email.ts';
import { decideFirstSteps, type OutreachLimits } from '../domain/outreach.ts';
import type { Clock } from '../domain/time.ts';
import type { Log } from '../log.ts';
import type { CustomerStore, DueFirstSteps, OutreachLedger } from '../ports.ts';
import type { SendEmail } from './send-email.ts';

/** The most customers in one run, and how many of them are handled at the same time, as in `resumeOpenEmails`. */
const BATCH_SIZE = 200;
const CONCURRENCY = 10;

/**
 * Sends the first steps to every customer who signed up some days ago and has done nothing since. Any number of runs may
 * overlap.
 * @throws RetryableError when the ledger cannot be read.
 */
export type SendFirstSteps = () => Promise<void>;

export function createSendFirstSteps({
  ledger,
  customers,
  sendEmail,
  limits,
  lease,
  clock,
  log,
}: {
  readonly ledger: OutreachLedger;
  readonly customers: CustomerStore;
  readonly sendEmail: SendEmail;
  readonly limits: OutreachLimits;
  readonly lease: SendingPolicy['lease'];
  readonly clock: Clock;
  readonly log: Log;
}): SendFirstSteps {
  /** Never throws: a customer that fails does not hold up the others. */
  async function decideAndSend(due: DueFirstSteps): Promise<void> {
    const { customerId, outreach } = due;
    try {
      // The lease begins before the reads: a run that stalls afterwards must not send on the basis of outdated facts.
      const now = clock();
      const decision = decideFirstSteps(await customers.read(customerId), outreach.value, limits, now);
      switch (decision.action) {
        case 'send': {
          const email: ClaimedEmail = {
            ...claimFor(customerId, decision, now, lease),
            occasion: 'sign-up',
          };
          if (await ledger.claim(email, outreach)) await sendEmail(email, decision.recipient);
          return;
        }
        case 'postpone':
          return await ledger.postponeFirstSteps(due, decision.until);
        case 'skip':
          await ledger.dropFirstSteps(due);
          return log.firstStepsSkipped(customerId, decision.reason);
      }
    } catch (error) {
      log.firstStepsFailed(customerId, error);
    }
  }

  return async () => {
    const due = await ledger.dueFirstSteps(clock(), BATCH_SIZE);
    await pMap(due, decideAndSend, { concurrency: CONCURRENCY });
  };
}
