import fc from 'fast-check';
import { sources, type Source } from '../../../functions/src/domain/transaction.ts';
import { day, hour, minute } from '../transactions.ts';
import { buyers } from './purchases.ts';
import type { Fault } from './run.ts';
import { analyticsFaultModes, sendgridFaultModes, type FaultModes } from './fault-modes.ts';

/**
 * What can happen next. `pick` chooses among what there is, the latest first, and starts over at the end; where there is
 * nothing, nothing happens. `calls` is the number of port calls that a run makes before it stops.
 */
export type Move =
  /** A purchase of this age, in ms, is published and delivered. */
  | {
      readonly move: 'buy';
      readonly buyer: number | undefined;
      readonly source: Source;
      readonly age: number;
      readonly calls: number;
    }
  /** A source publishes a purchase again, or another purchase under the same ID. */
  | { readonly move: 'repeat' | 'contradict'; readonly pick: number }
  /** Pub/Sub delivers a purchase, or Eventarc a customer's change; with `again`, one that may have been acknowledged. */
  | {
      readonly move: 'deliver' | 'notify';
      readonly pick: number;
      readonly again: boolean;
      readonly calls: number;
    }
  | { readonly move: 'resume'; readonly calls: number }
  /** A run makes further calls. */
  | { readonly move: 'advance'; readonly pick: number; readonly calls: number }
  /** The next call of a run fails. */
  | { readonly move: 'fail'; readonly pick: number; readonly fault: Fault }
  | { readonly move: 'crash'; readonly pick: number }
  /** All runs finish, at the same time. */
  | { readonly move: 'finish-all' }
  | { readonly move: 'pass-time'; readonly time: number }
  | ({ readonly move: 'set-fault-modes' } & Readonly<FaultModes>)
  | { readonly move: 'sign-up' | 'be-active'; readonly buyer: number }
  /** The latest is the customer of the last notification, whom a run may be about to email. */
  | { readonly move: 'suppress' | 'lift'; readonly buyer: number | 'latest' }
  /** SendGrid's webhook reports an email that SendGrid has accepted. */
  | { readonly move: 'report-delivery'; readonly pick: number };

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
  /** Without crashes and outages, a model says how many emails each customer gets. */
  readonly withFaults: boolean;
  readonly rules: Rules;
  readonly moves: readonly Move[];
}

const pick = fc.nat({ max: 11 });
const buyer = fc.nat({ max: buyers.length - 1 });
/** Enough calls to finish, or fewer. */
const calls = fc.oneof(fc.constant(9), fc.nat({ max: 5 }));
const rarely = fc.integer({ min: 0, max: 3 }).map((chance) => chance === 3);
const analytics = fc.constantFrom(...analyticsFaultModes);

const buy = fc.record({
  move: fc.constant('buy' as const),
  buyer: fc.option(buyer, { nil: undefined, freq: 8 }),
  source: fc.constantFrom(...sources),
  age: fc.constantFrom(0, 0, 0, minute, hour, 47 * hour, 49 * hour),
  calls,
});
const again = fc.record({ move: fc.constantFrom('repeat', 'contradict'), pick });
const deliver = fc.record({ move: fc.constant('deliver' as const), pick, again: rarely, calls });
const notify = fc.record({ move: fc.constant('notify' as const), pick, again: rarely, calls });
const resume = fc.record({ move: fc.constant('resume' as const), calls });
const advance = fc.record({
  move: fc.constant('advance' as const),
  pick,
  calls: fc.integer({ min: 1, max: 5 }),
});
const finishAll = fc.record({ move: fc.constant('finish-all' as const) });
const passTime = fc.record({
  move: fc.constant('pass-time' as const),
  time: fc.constantFrom(minute, 6 * minute, 30 * minute, 5 * hour, 25 * hour, 8 * day),
});
const engage = fc.record({ move: fc.constantFrom('sign-up', 'be-active'), buyer });
const suppress = fc.record({
  move: fc.constantFrom('suppress', 'lift'),
  buyer: fc.oneof({ arbitrary: fc.constant('latest' as const), weight: 3 }, { arbitrary: buyer, weight: 1 }),
});
const reportDelivery = fc.record({ move: fc.constant('report-delivery' as const), pick });
const fail = fc.record({
  move: fc.constant('fail' as const),
  pick,
  fault: fc.constantFrom('refused', 'answer-lost'),
});
const crash = fc.record({ move: fc.constant('crash' as const), pick });
const setFaultModes = fc.record({
  move: fc.constant('set-fault-modes' as const),
  sendgrid: fc.constantFrom(...sendgridFaultModes),
  analytics,
});
const setAnalyticsFaultMode = fc.record({
  move: fc.constant('set-fault-modes' as const),
  sendgrid: fc.constant('accepting' as const),
  analytics,
});

const commonMoves = [
  { arbitrary: buy, weight: 6 },
  { arbitrary: again, weight: 2 },
  { arbitrary: deliver, weight: 3 },
  { arbitrary: notify, weight: 10 },
  { arbitrary: advance, weight: 3 },
  { arbitrary: finishAll, weight: 1 },
  { arbitrary: passTime, weight: 3 },
  { arbitrary: engage, weight: 1 },
  { arbitrary: suppress, weight: 2 },
  { arbitrary: reportDelivery, weight: 1 },
];
const moveWithoutFaults: fc.Arbitrary<Move> = fc.oneof(
  ...commonMoves,
  { arbitrary: setAnalyticsFaultMode, weight: 1 },
  { arbitrary: resume, weight: 1 },
);
const moveWithFaults: fc.Arbitrary<Move> = fc.oneof(
  ...commonMoves,
  { arbitrary: resume, weight: 6 },
  { arbitrary: passTime, weight: 3 },
  { arbitrary: fail, weight: 2 },
  { arbitrary: crash, weight: 2 },
  { arbitrary: setFaultModes, weight: 4 },
);

const rules = fc.record({
  webhookConfigured: fc.boolean(),
  cooldown: fc.constantFrom(7 * day, 3 * day),
  maxEmails: fc.constantFrom(4, 1, 2),
  maxAttempts: fc.constantFrom(30, 2),
  batchSize: fc.constantFrom(10, 1),
  concurrency: fc.constantFrom(1, 3),
});
const latest = { pick: fc.constant(0) };
const someCalls = fc.constantFrom(1, 1, 2, 3, 4, 5);
const recentPurchase = buy.map((move) => ({ ...move, age: 0, calls: 9 }));
const begin = {
  notify: fc.record({
    move: fc.constant('notify' as const),
    ...latest,
    again: fc.constant(false),
    calls: someCalls,
  }),
  resume: fc.record({ move: fc.constant('resume' as const), calls: someCalls }),
};
const finish = fc.record({ move: fc.constant('advance' as const), ...latest, calls: fc.constant(9) });

/** Something else happens between two calls of a run. */
const overtaken = (move: fc.Arbitrary<Move>): fc.Arbitrary<Move[]> => {
  const meanwhile = fc.oneof({ arbitrary: suppress, weight: 1 }, { arbitrary: move, weight: 2 });
  return fc.oneof(
    { arbitrary: fc.tuple(recentPurchase, begin.notify, meanwhile, finish), weight: 2 },
    { arbitrary: fc.tuple(begin.resume, meanwhile, finish), weight: 1 },
  );
};

/** Without fast-check's bias towards short arrays: it takes some moves until anything can break. */
const manyOf = (move: fc.Arbitrary<Move>): fc.Arbitrary<Move[]> => {
  const episode = fc.oneof(
    { arbitrary: fc.tuple(move), weight: 5 },
    { arbitrary: overtaken(move), weight: 1 },
  );
  return fc.noBias(fc.array(episode, { minLength: 1, maxLength: 30, size: 'max' })).map((all) => all.flat());
};

const scheduleWithoutFaults: fc.Arbitrary<Schedule> = fc.record({
  withFaults: fc.constant(false),
  rules,
  moves: manyOf(moveWithoutFaults),
});
const scheduleWithFaults: fc.Arbitrary<Schedule> = fc.record({
  withFaults: fc.constant(true),
  rules,
  moves: manyOf(moveWithFaults),
});

export const schedules = fc.oneof(
  { arbitrary: scheduleWithFaults, weight: 3 },
  { arbitrary: scheduleWithoutFaults, weight: 1 },
);
