import { functionNamed } from '../functions/manifest.ts';
import { customerIdOf } from '../functions/src/domain/identity.ts';
import { topics } from '../functions/src/domain/published-message.ts';
import { LOCAL_HASH_KEY } from '../local/stack/environment.ts';
import type { Call } from './caller.ts';
import { deliveryReportOf, ingestOf, oneClickOf, pushOf, signUpOf } from './calls.ts';
import { addressOf, purchaseBy } from './purchases.ts';
import type { Testbed } from './testbed.ts';

/** What a function is asked when there is much to do. */
export interface Traffic {
  /** Whose address is called. */
  readonly functionName: string;
  /** Those that it keeps busy: also who hears of what the first one has written. */
  readonly busy: readonly string[];
  /** What is counted, in the plural. */
  readonly events: string;
  readonly eventsInCall: number;
  /** How many requests are under way at the same time; as many as the function takes, when absent. */
  readonly inFlight?: number;
  readonly call: (index: number) => Call;
}

/** Events, and purchases, that are reported together. */
const TOGETHER = 100;

/** Functions that share a stack, and how many customers there are. */
export interface Shop {
  readonly customers: number;
  /** Each is kept busy in turn. */
  readonly busy: readonly string[];
  /** These run beside, for one purchase of each customer. */
  readonly beside: readonly string[];
}

/** Customers whose emails are looked for: few, for Firestore's emulator reads all that there are to find one. */
const FEW = 100;

const purchases = ['recordTransaction', 'targetCustomer'];

/**
 * Among them all functions. Ten thousand customers are few enough that most purchases come too early for another email,
 * as in a shop. Who takes purchases in for others has a stack to itself, where nobody records them.
 */
export const shops: readonly Shop[] = [
  {
    customers: 10_000,
    busy: [...purchases, 'recordDelivery', 'unsubscribe', 'quarantineDeadLetter', 'quarantineDeadEngagement'],
    beside: [],
  },
  { customers: FEW, busy: ['recordEngagement'], beside: purchases },
  { customers: FEW, busy: ['resumeEmails'], beside: purchases },
  { customers: FEW, busy: ['ingestTransactions'], beside: [] },
];

/** The traffic of every function among so many customers; purchases come first, which all the others are about. */
export function trafficOf({ keys }: Testbed, customers: number): Traffic[] {
  const buyer = (index: number): string => addressOf('buyer', index % customers);
  // The first one that was sent to them.
  const emailTo = (index: number): string => `${customerIdOf(buyer(index), LOCAL_HASH_KEY)}~1`;
  const together = <T>(index: number, one: (n: number) => T): T[] =>
    Array.from({ length: TOGETHER }, (_, n) => one(index * TOGETHER + n));
  const pushed = (functionName: string, topic: string, data: (index: number) => Buffer): Traffic => ({
    functionName,
    busy: [functionName],
    events: 'messages',
    eventsInCall: 1,
    call: (index) => pushOf(topic, data(index)),
  });
  const purchase = (index: number): Buffer => purchaseBy(buyer(index));
  return [
    {
      ...pushed('recordTransaction', topics.transactions, purchase),
      busy: ['recordTransaction', 'targetCustomer'],
      events: 'purchases',
    },
    {
      functionName: 'recordDelivery',
      busy: ['recordDelivery'],
      events: 'events of SendGrid',
      eventsInCall: TOGETHER,
      call: (index) => deliveryReportOf(together(index, emailTo), keys),
    },
    // The emulator locks a whole collection for a query in a transaction, and refuses some when many come at once.
    { ...pushed('recordEngagement', topics.engagements, (index) => signUpOf(buyer(index))), inFlight: 4 },
    {
      functionName: 'unsubscribe',
      busy: ['unsubscribe'],
      events: 'clicks',
      eventsInCall: 1,
      call: (index) => oneClickOf(emailTo(index), keys),
    },
    pushed('quarantineDeadLetter', topics.transactionsDeadLetters, purchase),
    pushed('quarantineDeadEngagement', topics.engagementsDeadLetters, (index) => signUpOf(buyer(index))),
    pushed('resumeEmails', topics.resumeEmails, () => Buffer.from('{}')),
    {
      functionName: 'ingestTransactions',
      busy: ['ingestTransactions'],
      events: 'purchases',
      eventsInCall: TOGETHER,
      call: (index) => ingestOf(together(index, purchase), keys),
    },
  ];
}

/** How many requests an instance of a function is given at the same time. */
export function concurrencyOf(functionName: string): number {
  return functionNamed(functionName).concurrency;
}
