import type { Customer, CustomerChange } from '../../../functions/src/domain/customer.ts';
import type { ClaimedEmail } from '../../../functions/src/domain/email.ts';
import type { CustomerStore, Mailer, OutreachLedger } from '../../../functions/src/ports.ts';
import { sendgridResponse, type SendgridFaultMode } from './fault-modes.ts';
import type { Attempt, Fact } from './history.ts';
import type { Run } from './run.ts';
import { presentTime } from './virtual-world.ts';

export type Recorder = ReturnType<typeof createRecorder>;

/**
 * Wraps the ports of one run and notes what the run knows when it attempts to send an email.
 * @param change the one in the event that started the run, if there is one.
 */
export function createRecorder(history: Fact[], change?: CustomerChange) {
  const customersSeen = new Map<string, Customer | undefined>();
  const outreachSeen = new Map<string, number>();
  const attempts = new Map<string, Attempt>();
  const afterPurchase =
    change !== undefined && change.after.transactions > (change.before?.transactions ?? 0);

  const placeOf = (kind: 'claimed' | 'taken-up', emailId: string): number =>
    history.findLastIndex((fact) => fact.fact === kind && fact.email.emailId === emailId);

  return {
    customers: (customers: CustomerStore): CustomerStore => ({
      async read(customerId) {
        const customer = await customers.read(customerId);
        customersSeen.set(customerId, customer);
        return customer;
      },
    }),

    ledger: (ledger: OutreachLedger): OutreachLedger => ({
      ...ledger,
      async read(customerId) {
        const outreach = await ledger.read(customerId);
        outreachSeen.set(customerId, history.length);
        return outreach;
      },
      async claim(email, basedOn) {
        const claimed = await ledger.claim(email, basedOn);
        if (!claimed) return false;
        const begun = placeOf('claimed', email.emailId);
        const customer = change?.after ?? customersSeen.get(email.customerId);
        // The ledger refuses a claim when the outreach has changed, so everything before it was seen.
        const seen = { customer, decidedAt: email.claimedAt, outreachSeen: begun, begun };
        attempts.set(email.emailId, { email, resumed: false, afterPurchase, ...seen });
        return true;
      },
      async takeUp(email, due) {
        const decidedAt = presentTime();
        if (!(await ledger.takeUp(email, due))) return false;
        attempts.set(email.emailId, { email, resumed: true, afterPurchase, decidedAt, ...seenOf(email) });
        return true;
      },
    }),

    mailer: (run: Run, faultMode: () => SendgridFaultMode): Mailer => ({
      send({ emailId, to }) {
        const at = presentTime();
        const deliver = async () => {
          const attempt = attempts.get(emailId);
          const mode = faultMode();
          const { accepted, outcome } = sendgridResponse(mode, presentTime());
          if (attempt === undefined) history.push({ fact: 'sent-unclaimed', emailId });
          else history.push({ fact: 'handed-over', at, attempt, accepted, mode, to });
          return outcome;
        };
        return run.step(deliver, { canFail: false });
      },
    }),
  };

  function seenOf({ customerId, emailId }: ClaimedEmail) {
    return {
      customer: customersSeen.get(customerId),
      outreachSeen: outreachSeen.get(customerId) ?? 0,
      begun: placeOf('taken-up', emailId),
    };
  }
}
