/** The histories of the customers of the seed. Times are hours before the moment of the seed. */
import type { Stage } from '../functions/src/domain/customer.ts';
import type { EmailState } from '../functions/src/domain/email.ts';
import type { SuppressionReason } from '../functions/src/domain/outreach.ts';

export interface CustomerHistory {
  /** What these customers have in common. */
  readonly about: string;
  /** How many customers have this history. */
  readonly customers: number;
  /** When they bought, the earliest first. */
  readonly purchases: readonly number[];
  readonly emails: readonly EmailHistory[];
  readonly signedUp?: number;
  readonly firstActivity?: number;
  readonly suppressed?: { readonly reason: SuppressionReason; readonly at: number };
  /** Whether they are in the control group. */
  readonly control?: true;
}

export interface EmailHistory {
  readonly claimed: number;
  readonly stage: Exclude<Stage, 'engaged'>;
  readonly status: EmailState['status'];
}

const day = 24;

const join = (claimed: number, status: EmailState['status'] = 'accepted'): EmailHistory => ({
  claimed,
  stage: 'transactional',
  status,
});

const firstSteps = (claimed: number): EmailHistory => ({ claimed, stage: 'registered', status: 'accepted' });

export const histories: readonly CustomerHistory[] = [
  { about: 'bought long ago and got no email', customers: 4, purchases: [90 * day], emails: [] },
  {
    about: 'got an email after the first purchase',
    customers: 5,
    purchases: [30 * day],
    emails: [join(30 * day)],
  },
  {
    about: 'bought again within the cooldown',
    customers: 5,
    purchases: [2 * day, 2 * day - 1, 5],
    emails: [join(2 * day)],
  },
  {
    about: 'has come back after the cooldown, twice',
    customers: 4,
    purchases: [40 * day, 25 * day, 9 * day],
    emails: [join(40 * day), join(25 * day), join(9 * day)],
  },
  {
    about: 'has had the maximum number of emails',
    customers: 3,
    purchases: [60 * day, 45 * day, 30 * day, 15 * day, 3],
    emails: [join(60 * day), join(45 * day), join(30 * day), join(15 * day)],
  },
  {
    about: 'has unsubscribed',
    customers: 3,
    purchases: [20 * day, 4],
    emails: [join(20 * day)],
    suppressed: { reason: 'unsubscribed', at: 19 * day },
  },
  {
    about: 'has an address that bounces',
    customers: 2,
    purchases: [18 * day],
    emails: [join(18 * day)],
    suppressed: { reason: 'bounced', at: 18 * day },
  },
  { about: 'is in the control group', customers: 3, purchases: [12 * day, 6], emails: [], control: true },
  {
    about: 'signed up after an email and has not been active',
    customers: 4,
    purchases: [16 * day, 2],
    emails: [join(16 * day), firstSteps(2)],
    signedUp: 15 * day,
  },
  { about: 'signed up without ever buying', customers: 2, purchases: [], emails: [], signedUp: 8 * day },
  {
    about: 'is engaged',
    customers: 4,
    purchases: [50 * day, 41 * day, 1],
    emails: [join(50 * day)],
    signedUp: 49 * day,
    firstActivity: 48 * day,
  },
  {
    about: 'is owed an email that SendGrid did not take',
    customers: 2,
    purchases: [1],
    emails: [join(1, 'deferred')],
  },
  {
    about: 'may or may not have got an email',
    customers: 1,
    purchases: [3],
    emails: [join(3, 'unknown')],
  },
];
