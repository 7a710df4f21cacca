/** The first request of each function: one customer's way through the system, in which each event follows from earlier ones. */
import { randomUUID } from 'node:crypto';
import { customerIdOf } from '../functions/src/domain/identity.ts';
import type { EventarcStandIn } from '../local/production/eventarc.ts';
import type { LocalKeys } from '../local/stack/environment.ts';
import { LOCAL_HASH_KEY } from '../operations/target/local-stack.ts';
import { deliveryReportOf, ingestOf, oneClickOf, pushOf, signUpOf } from './calls.ts';
import type { Call } from './http-load.ts';
import { purchaseBy } from './purchases.ts';

export interface Surroundings {
  readonly eventarc: EventarcStandIn;
  readonly keys: LocalKeys;
}

/** A new customer. */
export class Customer {
  readonly email = `cold-start-${randomUUID()}@example.com`;
  readonly emailId = `${customerIdOf(this.email, LOCAL_HASH_KEY)}~1`;
}

type FirstCall = (customer: Customer, surroundings: Surroundings) => Call | Promise<Call>;

/** By the name of the function, in the order in which they are called. */
export const firstCalls: Readonly<Record<string, FirstCall>> = {
  recordTransaction({ email }, { eventarc }) {
    eventarc.hold();
    return pushOf('transactions', purchaseBy(email));
  },
  /** Gets the event of the document that `recordTransaction` has written. */
  async targetCustomer(_customer, { eventarc }) {
    const [written] = await eventarc.held(1);
    eventarc.release([]);
    if (written === undefined) throw new Error('Firestore has reported no write.');
    return { path: '/', ...written };
  },
  recordDelivery: ({ emailId }, { keys }) => deliveryReportOf([emailId], keys),
  recordEngagement: ({ email }) => pushOf('engagements', signUpOf(email)),
  resumeEmails: () => pushOf('resume-emails', Buffer.from('{}')),
  unsubscribe: ({ emailId }, { keys }) => oneClickOf(emailId, keys),
  ingestTransactions: ({ email }, { keys }) => ingestOf([purchaseBy(email)], keys),
  quarantineDeadLetter: ({ email }) => pushOf('transactions-dead-letters', purchaseBy(email)),
  quarantineDeadEngagement: ({ email }) => pushOf('engagements-dead-letters', signUpOf(email)),
};
