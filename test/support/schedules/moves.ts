import fc from 'fast-check';
import { sources, type Source } from '../../../functions/src/domain/transaction.ts';
import { day, hour, minute } from '../transactions.ts';
import { buyers } from './purchases.ts';
import type { Fault } from './run.ts';
import {
  analyticsWeathers,
  sendgridWeathers,
  type AnalyticsWeather,
  type SendgridWeather,
} from './weather.ts';

/**
 * What can happen next. `pick` chooses among whatever there is, counting round and round, the latest first; where
 * there is nothing, nothing happens. `calls` is how many calls of its ports a run makes at once before others get their turn.
 */
export type Move =
  /** A purchase made so long ago is published, and delivered. */
  | {
      readonly move: 'buy';
      readonly buyer: number | undefined;
      readonly source: Source;
      readonly age: number;
      readonly calls: number;
    }
  /** A source publishes a purchase again, or another purchase under the same ID. */
  | { readonly move: 'repeat' | 'contradict'; readonly pick: number }
  /** Pub/Sub delivers a purchase or Eventarc a customer's change; `again`, even though it was acknowledged. */
  | {
      readonly move: 'deliver' | 'notify';
      readonly pick: number;
      readonly again: boolean;
      readonly calls: number;
    }
  | { readonly move: 'resume'; readonly calls: number }
  | { readonly move: 'go'; readonly pick: number; readonly calls: number }
  /** The next call of a run fails. */
  | { readonly move: 'fail'; readonly pick: number; readonly fault: Fault }
  | { readonly move: 'crash'; readonly pick: number }
  /** All runs go on to their ends, truly at the same time. */
  | { readonly move: 'rush' }
  | { readonly move: 'pass'; readonly time: number }
  | { readonly move: 'weather'; readonly sendgrid: SendgridWeather; readonly analytics: AnalyticsWeather }
  | { readonly move: 'sign-up' | 'act'; readonly buyer: number }
  /** The latest is whoever was notified of last, and may just be written to. */
  | { readonly move: 'suppress' | 'lift'; readonly buyer: number | 'latest' }
  /** SendGrid's webhook tells of an email that it has taken. */
  | { readonly move: 'hear'; readonly pick: number };

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
  /** Without crashes and outages, so that a model can say who must have got how many emails. */
  readonly calm: boolean;
  readonly rules: Rules;
  readonly moves: readonly Move[];
}

const pick = fc.nat({ max: 11 });
const buyer = fc.nat({ max: buyers.length - 1 });
/** Enough calls to get to the end, or any number. */
const calls = fc.oneof(fc.constant(9), fc.nat({ max: 5 }));
const rarely = fc.integer({ min: 0, max: 3 }).map((chance) => chance === 3);
const analytics = fc.constantFrom(...analyticsWeathers);

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
const go = fc.record({ move: fc.constant('go' as const), pick, calls: fc.integer({ min: 1, max: 5 }) });
const rush = fc.record({ move: fc.constant('rush' as const) });
const pass = fc.record({
  move: fc.constant('pass' as const),
  time: fc.constantFrom(minute, 6 * minute, 30 * minute, 5 * hour, 25 * hour, 8 * day),
});
const engage = fc.record({ move: fc.constantFrom('sign-up', 'act'), buyer });
const suppress = fc.record({
  move: fc.constantFrom('suppress', 'lift'),
  buyer: fc.oneof({ arbitrary: fc.constant('latest' as const), weight: 3 }, { arbitrary: buyer, weight: 1 }),
});
const hear = fc.record({ move: fc.constant('hear' as const), pick });
const fail = fc.record({
  move: fc.constant('fail' as const),
  pick,
  fault: fc.constantFrom('refused', 'answer-lost'),
});
const crash = fc.record({ move: fc.constant('crash' as const), pick });
const weather = fc.record({
  move: fc.constant('weather' as const),
  sendgrid: fc.constantFrom(...sendgridWeathers),
  analytics,
});
const fairWeather = fc.record({
  move: fc.constant('weather' as const),
  sendgrid: fc.constant('taking' as const),
  analytics,
});

const peaceful = [
  { arbitrary: buy, weight: 6 },
  { arbitrary: again, weight: 2 },
  { arbitrary: deliver, weight: 3 },
  { arbitrary: notify, weight: 10 },
  { arbitrary: go, weight: 3 },
  { arbitrary: rush, weight: 1 },
  { arbitrary: pass, weight: 3 },
  { arbitrary: engage, weight: 1 },
  { arbitrary: suppress, weight: 2 },
  { arbitrary: hear, weight: 1 },
];
const calmMove: fc.Arbitrary<Move> = fc.oneof(
  ...peaceful,
  { arbitrary: fairWeather, weight: 1 },
  { arbitrary: resume, weight: 1 },
);
const wildMove: fc.Arbitrary<Move> = fc.oneof(
  ...peaceful,
  { arbitrary: resume, weight: 6 },
  { arbitrary: pass, weight: 3 },
  { arbitrary: fail, weight: 2 },
  { arbitrary: crash, weight: 2 },
  { arbitrary: weather, weight: 4 },
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
const begun = {
  notify: fc.record({
    move: fc.constant('notify' as const),
    ...latest,
    again: fc.constant(false),
    calls: someCalls,
  }),
  resume: fc.record({ move: fc.constant('resume' as const), calls: someCalls }),
};
const goOn = fc.record({ move: fc.constant('go' as const), ...latest, calls: fc.constant(9) });

/** A run is overtaken by something between two of its calls. */
const overtaken = (move: fc.Arbitrary<Move>): fc.Arbitrary<Move[]> => {
  const meanwhile = fc.oneof({ arbitrary: suppress, weight: 1 }, { arbitrary: move, weight: 2 });
  return fc.oneof(
    { arbitrary: fc.tuple(recentPurchase, begun.notify, meanwhile, goOn), weight: 2 },
    { arbitrary: fc.tuple(begun.resume, meanwhile, goOn), weight: 1 },
  );
};

/** Without the usual bias towards short ones: it takes some moves until there is anything to break. */
const manyOf = (move: fc.Arbitrary<Move>): fc.Arbitrary<Move[]> => {
  const episode = fc.oneof(
    { arbitrary: fc.tuple(move), weight: 5 },
    { arbitrary: overtaken(move), weight: 1 },
  );
  return fc.noBias(fc.array(episode, { minLength: 1, maxLength: 30, size: 'max' })).map((all) => all.flat());
};

const calmSchedule: fc.Arbitrary<Schedule> = fc.record({
  calm: fc.constant(true),
  rules,
  moves: manyOf(calmMove),
});
const wildSchedule: fc.Arbitrary<Schedule> = fc.record({
  calm: fc.constant(false),
  rules,
  moves: manyOf(wildMove),
});

export const schedules = fc.oneof(
  { arbitrary: wildSchedule, weight: 3 },
  { arbitrary: calmSchedule, weight: 1 },
);
