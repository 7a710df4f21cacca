/** What each function gets first: the story of one customer, in which every event follows from what came before. */
import { randomUUID } from 'node:crypto';
import { customerIdOf } from '../functions/src/domain/identity.ts';
import type { EventarcStandIn } from '../local/production/eventarc.ts';
import { LOCAL_HASH_KEY, type LocalKeys } from '../local/stack/environment.ts';
import type { Call } from './caller.ts';
import { deliveryReportOf, ingestOf, oneClickOf, pushOf, signUpOf } from './calls.ts';
import { purchaseBy } from './purchases.ts';

/** What the story needs to know of its surroundings. */
export interface Surroundings {
  readonly eventarc: EventarcStandIn;
  readonly keys: LocalKeys;
}

/** Somebody new. */
export class Customer {
  readonly email = `cold-start-${randomUUID()}@example.com`;
  readonly emailId = `${customerIdOf(this.email, LOCAL_HASH_KEY)}~1`;
}

type Chapter = (customer: Customer, from: Surroundings) => Call | Promise<Call>;

/** The functions in the order of the story, each with how it is called next. */
export const story: Readonly<Record<string, Chapter>> = {
  recordTransaction({ email }, { eventarc }) {
    eventarc.hold();
    return pushOf('transactions', purchaseBy(email));
  },
  /** The event that Firestore has sent of what `recordTransaction` wrote. */
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
