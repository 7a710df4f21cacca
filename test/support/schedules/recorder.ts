import type { Customer } from '../../../functions/src/domain/customer.ts';
import type { ClaimedEmail } from '../../../functions/src/domain/email.ts';
import type { Clock } from '../../../functions/src/domain/time.ts';
import type { CustomerStore, Mailer, OutreachLedger } from '../../../functions/src/ports.ts';
import type { Attempt, Fact } from './history.ts';
import type { Run } from './run.ts';
import { sendgridResponse, type SendgridFaultMode } from './fault-modes.ts';

export type Recorder = ReturnType<typeof createRecorder>;

/**
 * Wraps the ports of one run, and adds what they really do to the history, even where the run does not learn of it.
 * @param target the customer in the event that started the run, if there is one.
 */
export function createRecorder(history: Fact[], clock: Clock, target?: Customer) {
  const customersSeen = new Map<string, Customer | undefined>();
  const outreachSeen = new Map<string, number>();
  const attempts = new Map<string, Attempt>();

  const began = (fact: 'claimed' | 'taken-up', email: ClaimedEmail, seen: number): void => {
    const resumed = fact === 'taken-up';
    const customer = resumed ? customersSeen.get(email.customerId) : target;
    const attempt = { email, resumed, customer, outreachSeen: seen, begun: history.length };
    attempts.set(email.emailId, attempt);
    history.push({ fact, attempt });
  };

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
        // The ledger refuses a claim when the outreach has changed, so everything before this fact was seen.
        if (claimed) began('claimed', email, history.length);
        return claimed;
      },
      async takeUp(email, due) {
        const takenUp = await ledger.takeUp(email, due);
        if (takenUp) began('taken-up', email, outreachSeen.get(email.customerId) ?? 0);
        return takenUp;
      },
      async settle(emailId, state, content) {
        await ledger.settle(emailId, state, content);
        if (state.status === 'accepted') history.push({ fact: 'known-accepted', emailId });
      },
      async settleUnchanged(due, state) {
        const settled = await ledger.settleUnchanged(due, state);
        const { emailId } = due.value;
        if (settled && state.status === 'rejected') history.push({ fact: 'given-up', emailId });
        return settled;
      },
    }),

    mailer: (run: Run, faultMode: () => SendgridFaultMode): Mailer => ({
      send({ emailId }) {
        const at = clock();
        const deliver = async () => {
          const attempt = attempts.get(emailId);
          if (attempt === undefined) throw new Error(`${emailId} is sent, but no run has claimed it.`);
          const { accepted, outcome } = sendgridResponse(faultMode(), clock());
          history.push({ fact: 'handed-over', at, attempt, accepted });
          return outcome;
        };
        return run.step(deliver, { canFail: false });
      },
    }),
  };
}
