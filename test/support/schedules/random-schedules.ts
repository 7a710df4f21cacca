import fc from 'fast-check';
import { engagementTypes } from '../../../functions/src/domain/engagement.ts';
import { choices } from '../../../functions/src/domain/subscription.ts';
import { sources } from '../../../functions/src/domain/transaction.ts';
import { day, hour, minute, second } from '../transactions.ts';
import { analyticsFaultModes, faults, sendgridFaultModes } from './fault-modes.ts';
import { ALL, type Move, type MoveOf, type Schedule } from './moves.ts';
import { buyers } from './purchases.ts';
import { eventKinds, type EventKind } from './reports.ts';

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

/** SendGrid fails while an email is sent, taken up, and taken up again. */
const outage: fc.Arbitrary<Move[]> = fc
  .tuple(
    move('set-fault-modes', { sendgrid: fc.constantFrom(...sendgridFaultModes.slice(1)), analytics }),
    recentPurchase,
    move('notify', { pick: latest, again: fc.constant(false), calls: fc.constant(ALL) }),
    fc.array(
      fc.tuple(
        move('pass-time', { time: fc.constantFrom(6 * minute, 30 * minute, 2 * hour, 25 * hour) }),
        move('resume', { calls: fc.constant(ALL) }),
      ),
      { minLength: 1, maxLength: 3 },
    ),
  )
  .map(([mode, purchase, notification, attempts]) => [mode, purchase, notification, ...attempts.flat()]);

/** Someone gets two emails, perhaps clicks in the first, and signs up soon or late. */
const conversion: fc.Arbitrary<Move[]> = fc
  .record({
    who: buyer,
    isClicked: fc.boolean(),
    between: fc.constantFrom(hour, 4 * day, 8 * day, 16 * day),
    after: fc.constantFrom(minute, minute, 8 * day, 16 * day),
  })
  .map(({ who, isClicked, between, after }) => {
    const email: Move[] = [
      { move: 'buy', buyer: who, source: 'smart-fridge', age: 0, calls: ALL },
      { move: 'notify', pick: 0, again: false, calls: ALL },
    ];
    const click: Move = { move: 'report', pick: 0, kinds: ['clicked-join'], calls: ALL };
    return [
      ...email,
      ...(isClicked ? [click] : []),
      { move: 'pass-time', time: between },
      ...email,
      { move: 'pass-time', time: after },
      { move: 'engage', buyer: who, type: 'signed-up', age: 0, calls: ALL },
    ];
  });

/** Without fast-check's bias towards short arrays: it takes some moves until anything can break. */
const manyOf = (...episodes: fc.WeightedArbitrary<Move[]>[]): fc.Arbitrary<Move[]> =>
  fc
    .noBias(fc.array(fc.oneof(...episodes), { minLength: 1, maxLength: 24, size: 'max' }))
    .map((all) => all.flat());

const one = (each: fc.Arbitrary<Move>) => each.map((only) => [only]);

const seed = fc.noShrink(fc.nat());
const scheduleWithoutFaults: fc.Arbitrary<Schedule> = fc.record({
  seed,
  withFaults: fc.constant(false),
  // The model assumes that the cooldown is longer than a purchase counts as recent.
  rules: rulesWith(fc.constantFrom(7 * day, 3 * day)),
  moves: manyOf(
    { arbitrary: one(moveWithoutFaults), weight: 20 },
    { arbitrary: overtaken(moveWithoutFaults), weight: 4 },
    { arbitrary: conversion, weight: 1 },
  ),
});
const scheduleWithFaults: fc.Arbitrary<Schedule> = fc.record({
  seed,
  withFaults: fc.constant(true),
  rules: rulesWith(fc.constantFrom(7 * day, 3 * day, 12 * hour)),
  moves: manyOf(
    { arbitrary: one(moveWithFaults), weight: 20 },
    { arbitrary: overtaken(moveWithFaults), weight: 4 },
    { arbitrary: outage, weight: 1 },
    { arbitrary: conversion, weight: 1 },
  ),
});

/** Random schedules, of which three in four have faults. */
export const schedules = fc.oneof(
  { arbitrary: scheduleWithFaults, weight: 3 },
  { arbitrary: scheduleWithoutFaults, weight: 1 },
);
