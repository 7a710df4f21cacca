import fc from 'fast-check';
import { engagementTypes, type EngagementType } from '../../../functions/src/domain/engagement.ts';
import { choices, type Choice } from '../../../functions/src/domain/subscription.ts';
import { sources, type Source } from '../../../functions/src/domain/transaction.ts';
import { day, hour, minute, second } from '../transactions.ts';
import {
  analyticsFaultModes,
  faults,
  sendgridFaultModes,
  type Fault,
  type FaultModes,
} from './fault-modes.ts';
import { buyers } from './purchases.ts';
import { eventKinds, type EventKind } from './reports.ts';

/**
 * What can happen next. `pick` chooses among what there is, the latest first, and starts over at the end; where there is
 * nothing, nothing happens. `calls` is the number of calls that a run makes before it stops. `age` is in ms.
 */
export type Move =
  /** A purchase is published and delivered. */
  | {
      readonly move: 'buy';
      readonly buyer: number | undefined;
      readonly source: Source;
      readonly age: number;
      readonly calls: number;
    }
  /** A source publishes a purchase again, or another purchase under the same ID. */
  | { readonly move: 'repeat' | 'contradict'; readonly pick: number }
  /** An engagement is published and delivered. */
  | {
      readonly move: 'engage';
      readonly buyer: number;
      readonly type: EngagementType;
      readonly age: number;
      readonly calls: number;
    }
  /** SendGrid's webhook reports events of an email that SendGrid has accepted. */
  | {
      readonly move: 'report';
      readonly pick: number;
      readonly kinds: readonly EventKind[];
      readonly calls: number;
    }
  /** A message is delivered, or a customer's change by Eventarc; with `again`, one that may have been acknowledged. */
  | {
      readonly move: 'deliver' | 'notify';
      readonly pick: number;
      readonly again: boolean;
      readonly calls: number;
    }
  | { readonly move: 'resume'; readonly calls: number }
  /** A customer uses the unsubscribe page; the latest is the one of the last notification, who may be about to get an email. */
  | {
      readonly move: 'choose';
      readonly buyer: number | 'latest';
      readonly choice: Choice;
      readonly calls: number;
    }
  /** A run makes further calls. */
  | { readonly move: 'advance'; readonly pick: number; readonly calls: number }
  /** The next call of a run fails. */
  | { readonly move: 'fail'; readonly pick: number; readonly fault: Fault }
  | { readonly move: 'kill'; readonly pick: number }
  /** All runs finish, at the same time. */
  | { readonly move: 'finish-all' }
  | { readonly move: 'pass-time'; readonly time: number }
  | ({ readonly move: 'set-fault-modes' } & Readonly<FaultModes>)
  /** An operator pauses or resumes all sending. */
  | { readonly move: 'switch'; readonly isPaused: boolean };

/** More calls than any run makes. */
export const ALL = 30;

export type MoveOf<K extends Move['move']> = Move & { readonly move: K };

/** The part of the configuration that schedules vary. */
export interface Rules {
  readonly webhookConfigured: boolean;
  readonly cooldown: number;
  readonly maxEmails: number;
  readonly maxAttempts: number;
  readonly batchSize: number;
  readonly concurrency: number;
}

export interface Schedule {
  /** Without kills and outages, a model says how many emails each customer gets. */
  readonly withFaults: boolean;
  /** Of the random numbers that the functions and their clients draw. */
  readonly seed: number;
  readonly rules: Rules;
  readonly moves: readonly Move[];
}

const pick = fc.nat({ max: 11 });
const buyer = fc.nat({ max: buyers.length - 1 });
/** Enough calls to finish, or fewer. */
const calls = fc.oneof(fc.constant(ALL), fc.nat({ max: 6 }));
const rarely = fc.integer({ min: 0, max: 3 }).map((chance) => chance === 3);
const analytics = fc.constantFrom(...analyticsFaultModes);
const age = fc.constantFrom(0, 0, 0, minute, hour, 47 * hour, 49 * hour);
const latestOrAny = fc.oneof(
  { arbitrary: fc.constant('latest' as const), weight: 3 },
  { arbitrary: buyer, weight: 1 },
);

/** A move, with arbitraries for its fields. */
function move<K extends Move['move']>(
  kind: K,
  fields: { readonly [F in keyof Omit<MoveOf<K>, 'move'>]: fc.Arbitrary<MoveOf<K>[F]> },
): fc.Arbitrary<Move> {
  return fc.record({ move: fc.constant(kind), ...fields }) as unknown as fc.Arbitrary<Move>;
}

const buy = move('buy', {
  buyer: fc.option(buyer, { nil: undefined, freq: 8 }),
  source: fc.constantFrom(...sources),
  age,
  calls,
});
const engage = move('engage', { buyer, type: fc.constantFrom('signed-up', ...engagementTypes), age, calls });
const report = move('report', {
  pick,
  kinds: fc.array(fc.constantFrom<EventKind>('delivered', ...eventKinds), { minLength: 1, maxLength: 2 }),
  calls,
});
const choose = move('choose', { buyer: latestOrAny, choice: fc.constantFrom('stop', ...choices), calls });
const switchSending = move('switch', { isPaused: fc.boolean() });
const resume = move('resume', { calls });
const passTime = move('pass-time', {
  time: fc.constantFrom(20 * second, minute, 6 * minute, 30 * minute, 5 * hour, 25 * hour, 4 * day, 8 * day),
});

const commonMoves = [
  { arbitrary: buy, weight: 6 },
  { arbitrary: move('repeat', { pick }), weight: 1 },
  { arbitrary: move('contradict', { pick }), weight: 1 },
  { arbitrary: move('deliver', { pick, again: rarely, calls }), weight: 3 },
  { arbitrary: move('notify', { pick, again: rarely, calls }), weight: 10 },
  { arbitrary: move('advance', { pick, calls: fc.integer({ min: 1, max: 6 }) }), weight: 3 },
  { arbitrary: move('finish-all', {}), weight: 1 },
  { arbitrary: passTime, weight: 3 },
  { arbitrary: engage, weight: 2 },
  { arbitrary: report, weight: 3 },
  { arbitrary: choose, weight: 2 },
  { arbitrary: switchSending, weight: 1 },
];
const moveWithoutFaults: fc.Arbitrary<Move> = fc.oneof(
  ...commonMoves,
  { arbitrary: move('set-fault-modes', { sendgrid: fc.constant('accepting'), analytics }), weight: 1 },
  { arbitrary: resume, weight: 2 },
);
const moveWithFaults: fc.Arbitrary<Move> = fc.oneof(
  ...commonMoves,
  { arbitrary: resume, weight: 6 },
  { arbitrary: passTime, weight: 3 },
  { arbitrary: move('fail', { pick, fault: fc.constantFrom(...faults) }), weight: 2 },
  { arbitrary: move('kill', { pick }), weight: 2 },
  {
    arbitrary: move('set-fault-modes', { sendgrid: fc.constantFrom(...sendgridFaultModes), analytics }),
    weight: 4,
  },
);

const rulesWith = (cooldown: fc.Arbitrary<number>) =>
  fc.record({
    webhookConfigured: fc.boolean(),
    cooldown,
    maxEmails: fc.constantFrom(4, 1, 2),
    maxAttempts: fc.constantFrom(30, 2),
    batchSize: fc.constantFrom(10, 1),
    concurrency: fc.constantFrom(1, 3),
  });

const someCalls = fc.constantFrom(1, 1, 2, 3, 4, 5);
const latest = fc.constant(0);
const recentPurchase = move('buy', {
  buyer,
  source: fc.constantFrom(...sources),
  age: latest,
  calls: fc.constant(ALL),
});
const beginNotify = move('notify', { pick: latest, again: fc.constant(false), calls: someCalls });
const beginResume = move('resume', { calls: someCalls });
const finish = move('advance', { pick: latest, calls: fc.constant(ALL) });

/** Something else happens between two calls of a run. */
const overtaken = (other: fc.Arbitrary<Move>): fc.Arbitrary<Move[]> => {
  const meanwhile = fc.oneof({ arbitrary: choose, weight: 1 }, { arbitrary: other, weight: 2 });
  return fc.oneof(
    { arbitrary: fc.tuple(recentPurchase, beginNotify, meanwhile, finish), weight: 2 },
    { arbitrary: fc.tuple(beginResume, meanwhile, finish), weight: 1 },
  );
};

/** Without fast-check's bias towards short arrays: it takes some moves until anything can break. */
const manyOf = (each: fc.Arbitrary<Move>): fc.Arbitrary<Move[]> => {
  const episode = fc.oneof(
    { arbitrary: fc.tuple(each), weight: 5 },
    { arbitrary: overtaken(each), weight: 1 },
  );
  return fc.noBias(fc.array(episode, { minLength: 1, maxLength: 24, size: 'max' })).map((all) => all.flat());
};

const scheduleOf = (withFaults: boolean, each: fc.Arbitrary<Move>): fc.Arbitrary<Schedule> =>
  fc.record({
    withFaults: fc.constant(withFaults),
    seed: fc.noShrink(fc.nat()),
    // The model assumes that the cooldown is longer than a purchase counts as recent.
    rules: rulesWith(
      withFaults ? fc.constantFrom(7 * day, 3 * day, 12 * hour) : fc.constantFrom(7 * day, 3 * day),
    ),
    moves: manyOf(each),
  });

export const schedules = fc.oneof(
  { arbitrary: scheduleOf(true, moveWithFaults), weight: 3 },
  { arbitrary: scheduleOf(false, moveWithoutFaults), weight: 1 },
);
