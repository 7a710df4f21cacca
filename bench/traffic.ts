/** What keeps each function busy. */
import { functionNamed } from '../functions/manifest.ts';
import { customerIdOf } from '../functions/src/domain/identity.ts';
import { topics } from '../functions/src/domain/published-message.ts';
import { LOCAL_HASH_KEY } from '../operations/target/local-stack.ts';
import { deliveryReportOf, ingestOf, oneClickOf, pushOf, signUpOf } from './calls.ts';
import type { Call } from './http-load.ts';
import { addressOf, purchaseBy } from './purchases.ts';
import type { Testbed } from './testbed.ts';

export interface Traffic {
  /** The function that is called. */
  readonly functionName: string;
  /** The functions that this keeps busy: the one that is called, and the one that gets the events of what it writes. */
  readonly busy: readonly string[];
  /** What an event is, in the plural. */
  readonly unit: string;
  readonly eventsInCall: number;
  /** Requests under way at any time. */
  readonly inFlight: number;
  readonly call: (index: number) => Call;
}

/** Events of SendGrid, and purchases, in one request. */
const BATCH = 100;

/** Functions that share a stack. */
export interface Shop {
  readonly customers: number;
  /** These are kept busy, one after the other. */
  readonly busy: readonly string[];
  /** These run too, for one purchase of each customer beforehand. */
  readonly beside: readonly string[];
}

/** Few, because Firestore's emulator reads every document that exists to find a customer's emails. */
const FEW = 100;

const purchases = ['recordTransaction', 'targetCustomer'];

/**
 * Together they run all functions. With ten thousand customers most purchases come too early for another email, as in
 * production. `ingestTransactions` has a stack of its own, in which no function takes its purchases from the topic.
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

/** The traffic of every function among so many customers. Purchases come first, because the others refer to them. */
export function trafficOf({ keys }: Testbed, customers: number): Traffic[] {
  const buyer = (index: number): string => addressOf('buyer', index % customers);
  const purchase = (index: number): Buffer => purchaseBy(buyer(index));
  const signUp = (index: number): Buffer => signUpOf(buyer(index));
  const firstEmailOf = (index: number): string => `${customerIdOf(buyer(index), LOCAL_HASH_KEY)}~1`;
  const batch = <T>(index: number, one: (n: number) => T): T[] =>
    Array.from({ length: BATCH }, (_, n) => one(index * BATCH + n));
  const single = (functionName: string, unit: string, call: Traffic['call']): Traffic => ({
    functionName,
    busy: [functionName],
    unit,
    eventsInCall: 1,
    inFlight: functionNamed(functionName).concurrency,
    call,
  });
  const batched = (functionName: string, unit: string, call: Traffic['call']): Traffic => ({
    ...single(functionName, unit, call),
    eventsInCall: BATCH,
  });
  const pushed = (functionName: string, topic: string, data: (index: number) => Buffer): Traffic =>
    single(functionName, 'messages', (index) => pushOf(topic, data(index)));
  return [
    { ...pushed('recordTransaction', topics.transactions, purchase), busy: purchases, unit: 'purchases' },
    batched('recordDelivery', 'events of SendGrid', (index) =>
      deliveryReportOf(batch(index, firstEmailOf), keys),
    ),
    // The emulator locks a whole collection for a query in a transaction: more at a time would wait or be refused.
    { ...pushed('recordEngagement', topics.engagements, signUp), inFlight: 1 },
    single('unsubscribe', 'clicks', (index) => oneClickOf(firstEmailOf(index), keys)),
    pushed('quarantineDeadLetter', topics.transactionsDeadLetters, purchase),
    pushed('quarantineDeadEngagement', topics.engagementsDeadLetters, signUp),
    pushed('resumeEmails', topics.resumeEmails, () => Buffer.from('{}')),
    batched('ingestTransactions', 'purchases', (index) => ingestOf(batch(index, purchase), keys)),
  ];
}
