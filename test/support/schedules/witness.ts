import type { Customer } from '../../../functions/src/domain/customer.ts';
import type { ClaimedEmail } from '../../../functions/src/domain/email.ts';
import type { Clock } from '../../../functions/src/domain/time.ts';
import type { CustomerStore, Mailer, OutreachLedger } from '../../../functions/src/ports.ts';
import type { Attempt, Fact } from './history.ts';
import type { Run } from './run.ts';
import { sendgridIn, type SendgridWeather } from './weather.ts';

export type Witness = ReturnType<typeof witness>;

/**
 * Writes into the history what one run does, whatever the run itself gets to know of it.
 * @param target whom the run is about, when an event says so.
 */
export function witness(history: Fact[], clock: Clock, target?: Customer) {
  const customersSeen = new Map<string, Customer | undefined>();
  const outreachSeen = new Map<string, number>();
  const attempts = new Map<string, Attempt>();

  const began = (fact: 'claimed' | 'taken-up', email: ClaimedEmail, seen: number): void => {
    const late = fact === 'taken-up';
    const customer = late ? customersSeen.get(email.customerId) : target;
    const attempt = { email, late, customer, outreachSeen: seen, begun: history.length };
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
        // What it is based on has not changed until now, or it would not have been claimed.
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
        if (state.status === 'accepted') history.push({ fact: 'known-taken', emailId });
      },
      async settleUnchanged(due, state) {
        const settled = await ledger.settleUnchanged(due, state);
        const { emailId } = due.value;
        if (settled && state.status === 'rejected') history.push({ fact: 'given-up', emailId });
        return settled;
      },
    }),

    mailer: (run: Run, weather: () => SendgridWeather): Mailer => ({
      send({ emailId }) {
        const at = clock();
        const deliver = async () => {
          const attempt = attempts.get(emailId);
          if (attempt === undefined) throw new Error(`${emailId} is sent without having been claimed.`);
          const { taken, outcome } = sendgridIn(weather(), clock());
          history.push({ fact: 'handed-over', at, attempt, taken });
          return outcome;
        };
        return run.step(deliver, { canFail: false });
      },
    }),
  };
}
