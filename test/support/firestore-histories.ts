/** Random histories of requests. Two servers should answer them alike. */
import fc from 'fast-check';
import type { Outcome, TestDatabase, Time } from './firestore-targets.ts';
import {
  and,
  as,
  ascending,
  descending,
  or,
  remove,
  set,
  transform,
  unary,
  value,
  where,
  type Plain,
  type Write,
} from './firestore-requests.ts';

/** One request, to whichever database. */
export class Step {
  readonly method: string;
  readonly requestTo: (database: TestDatabase) => object;

  constructor(method: string, requestTo: (database: TestDatabase) => object) {
    this.method = method;
    this.requestTo = requestTo;
  }

  /** How fast-check shows it. */
  [fc.toStringMethod](): string {
    const database = { name: 'DATABASE', nameOf: (path: string) => `DATABASE/documents/${path}` };
    return `${this.method} ${fc.stringify(this.requestTo(database as TestDatabase))}`;
  }
}

const paths = ['a/1', 'a/2', 'a/3', 'a/4', 'a/1/b/1', 'a/x/b/2', 'b/1'];
const fieldPath = fc.constantFrom('x', 'y', 'm', 'm.k', 'm.`q.r`', '`q.r`');

const number: fc.Arbitrary<Plain> = fc.oneof(
  fc.integer({ min: -2, max: 2 }),
  fc.constantFrom<Plain>(
    0.5,
    -0,
    Number.NaN,
    Infinity,
    -Infinity,
    as.double(1),
    as.double(0),
    as.double(2 ** 53),
    as.integer(2n ** 53n + 1n),
    as.integer(2n ** 63n - 1n),
    as.integer(-(2n ** 63n)),
  ),
);

const scalar: fc.Arbitrary<Plain> = fc.oneof(
  { weight: 3, arbitrary: number },
  fc.constantFrom<Plain>(null, false, true, '', 'a', 'b', 'ab', '\u{1f600}', '\uff61'),
  fc.constantFrom<Plain>(
    as.timestamp(1),
    as.timestamp(1, 1_500),
    as.bytes(1),
    as.bytes(1, 0),
    as.point(1, 2),
    as.point(1, -2),
  ),
  fc.constantFrom<Plain>(
    ...paths.map((each) => as.reference(`projects/p/databases/(default)/documents/${each}`)),
  ),
);

const map = fc.dictionary(fc.constantFrom('k', 'l', 'q.r'), scalar, { maxKeys: 3 });
/** Often the same ones, so that queries find what is there. */
const plain: fc.Arbitrary<Plain> = fc.oneof(
  { weight: 4, arbitrary: fc.constantFrom<Plain>(0, 1, 1.5, 2) },
  { weight: 4, arbitrary: scalar },
  fc.array(fc.oneof(scalar, map), { maxLength: 3 }),
  map,
);
const content = fc.record(
  { x: plain, y: plain, m: fc.oneof(map, scalar), 'q.r': scalar },
  { requiredKeys: [] },
) as fc.Arbitrary<Readonly<Record<string, Plain>>>;

const fieldTransform: fc.Arbitrary<object> = fc
  .record({
    fieldPath: fc.constantFrom('x', 'y', 'm.k', '`q.r`'),
    number,
    list: fc.array(scalar, { maxLength: 3 }),
  })
  .chain(({ fieldPath: of, number: operand, list }) => {
    const values = list.map(value);
    return fc.constantFrom(
      { fieldPath: of, increment: value(operand) },
      { fieldPath: of, maximum: value(operand) },
      { fieldPath: of, minimum: value(operand) },
      { fieldPath: of, appendMissingElements: { values } },
      { fieldPath: of, removeAllFromArray: { values } },
      { fieldPath: of, setToServerValue: 'REQUEST_TIME' },
    );
  });

const precondition = fc.option(fc.record({ exists: fc.boolean() }), { nil: {}, freq: 2 });
const transforms = fc.array(fieldTransform, { maxLength: 3 });

const writeTo = (path: string): fc.Arbitrary<Write> =>
  fc.oneof(
    fc.tuple(content, precondition).map(([fields, condition]) => set(path, fields, condition)),
    fc
      .tuple(content, fc.uniqueArray(fieldPath, { maxLength: 3 }), transforms, precondition)
      .map(([fields, mask, then, condition]) => set(path, fields, { mask, transforms: then, ...condition })),
    transforms.map((each) => transform(path, ...each)),
    precondition.map((condition) => remove(path, condition)),
  );

/** To different documents. Firestore refuses a write that the one before rules out; the embedded one only applies them. */
const writes = fc
  .uniqueArray(fc.constantFrom(...paths), { minLength: 1, maxLength: 3 })
  .chain((to) => fc.tuple(...to.map(writeTo)));

const comparisonBy = (...ops: string[]): fc.Arbitrary<object> =>
  fc
    .tuple(fieldPath, fc.constantFrom(...ops), plain)
    .map(([field, op, operand]) => where(field, op, operand));

/** Firestore limits how the other comparisons may be combined, which the embedded one does not check. */
const combinable = comparisonBy(
  'EQUAL',
  'LESS_THAN',
  'LESS_THAN_OR_EQUAL',
  'GREATER_THAN',
  'GREATER_THAN_OR_EQUAL',
);

const comparison: fc.Arbitrary<object> = fc.oneof(
  combinable,
  comparisonBy('NOT_EQUAL', 'ARRAY_CONTAINS'),
  fc
    .tuple(
      fieldPath,
      fc.constantFrom('IN', 'NOT_IN', 'ARRAY_CONTAINS_ANY'),
      fc.array(scalar, { maxLength: 3 }),
    )
    .map(([field, op, operands]) => where(field, op, operands)),
  fc
    .tuple(fieldPath, fc.constantFrom('IS_NULL', 'IS_NAN', 'IS_NOT_NULL', 'IS_NOT_NAN'))
    .map(([field, op]) => unary(field, op)),
);
const filter = fc.oneof(
  { weight: 2, arbitrary: comparison },
  fc.tuple(comparison, combinable).map((each) => and(...each)),
  fc.tuple(combinable, combinable).map((each) => or(...each)),
  fc.tuple(combinable, combinable, combinable).map(([a, b, c]) => and(a, or(b, c))),
);

const order = fc
  .tuple(fieldPath, fc.boolean())
  .map(([field, up]) => (up ? ascending(field) : descending(field)));
const cursor = fc.record({ values: fc.array(plain.map(value), { maxLength: 2 }), before: fc.boolean() });
const rarely = <T>(arbitrary: fc.Arbitrary<T>): fc.Arbitrary<T | undefined> =>
  fc.option(arbitrary, { nil: undefined, freq: 1 });

/** Without orders by name alone, because the emulator supports one direction only. */
const query: fc.Arbitrary<object> = fc
  .record({
    from: fc.constantFrom([{ collectionId: 'a' }], [{ collectionId: 'b', allDescendants: true }]),
    where: fc.option(filter, { nil: undefined }),
    orderBy: fc.array(order, { maxLength: 2 }),
    startAt: rarely(cursor),
    endAt: rarely(cursor),
    offset: rarely(fc.constant(1)),
    limit: rarely(fc.integer({ min: 0, max: 4 }).map((limit) => ({ value: limit }))),
    select: rarely(fc.uniqueArray(fieldPath, { minLength: 1, maxLength: 2 })),
  })
  .map(({ select, startAt, endAt, orderBy, ...others }) => ({
    ...others,
    orderBy,
    startAt: startAt && { ...startAt, values: startAt.values.slice(0, orderBy.length) },
    endAt: endAt && { ...endAt, values: endAt.values.slice(0, orderBy.length) },
    select: select && { fields: select.map((each) => ({ fieldPath: each })) },
  }));

const aggregations = fc.constantFrom([{ count: {} }], [{ count: { upTo: { value: '2' } } }, { count: {} }]);

function parentOf(database: TestDatabase, path = ''): string {
  return path === '' ? `${database.name}/documents` : database.nameOf(path);
}

const step: fc.Arbitrary<Step> = fc.oneof(
  { weight: 6, arbitrary: writes.map((each) => writeStep('Commit', each)) },
  writes.map((each) => writeStep('BatchWrite', each)),
  {
    weight: 6,
    arbitrary: query.map(
      (structuredQuery) =>
        new Step('RunQuery', (database) => ({ parent: parentOf(database), structuredQuery })),
    ),
  },
  fc.tuple(query, aggregations).map(([structuredQuery, each]) => {
    const structuredAggregationQuery = {
      structuredQuery: { ...structuredQuery, select: undefined },
      aggregations: each,
    };
    return new Step('RunAggregationQuery', (database) => ({
      parent: parentOf(database),
      structuredAggregationQuery,
    }));
  }),
  fc.constant(
    new Step('BatchGetDocuments', (database) => ({
      database: database.name,
      documents: paths.map((each) => database.nameOf(each)),
    })),
  ),
  fc
    .constantFrom('', 'a/1', 'a/x')
    .map((parent) => new Step('ListCollectionIds', (database) => ({ parent: parentOf(database, parent) }))),
);

function writeStep(method: string, each: readonly Write[]): Step {
  return new Step(method, (database) => ({
    database: database.name,
    writes: each.map((one) => one(database)),
  }));
}

/** They begin with documents for queries to find. */
export const history: fc.Arbitrary<readonly Step[]> = fc
  .tuple(fc.array(content, { minLength: 7, maxLength: 7 }), fc.array(step, { minLength: 4, maxLength: 12 }))
  .map(([contents, steps]) => [
    writeStep(
      'Commit',
      paths.flatMap((each, index) => set(each, contents[index] ?? {})),
    ),
    ...steps,
  ]);

/** @returns what each step came to, and what is there in the end. */
export async function play(database: TestDatabase, steps: readonly Step[]): Promise<unknown[]> {
  const times = new TimeOrder();
  const everything = new Step('RunQuery', () => ({
    parent: parentOf(database),
    structuredQuery: { from: [{ allDescendants: true }] },
  }));
  const results = [];
  for (const { method, requestTo } of [...steps, everything]) {
    const outcome = await database.call(method, requestTo(database));
    // The writes of a batch are commits of their own, in any order.
    if (method === 'BatchWrite') times.forget();
    results.push(times.comparable(outcome));
  }
  return results;
}

/** Replaces what two servers cannot have in common: times by their order, and the names of projects. */
class TimeOrder {
  /** The times of commits. */
  readonly #known: string[] = [];
  #isForgotten = false;

  /** From here on, times of commits may be unknown. */
  forget(): void {
    this.#isForgotten = true;
  }

  comparable(outcome: Outcome): unknown {
    return 'code' in outcome
      ? outcome.code
      : outcome.messages.map((message) => this.#comparablePart('', message));
  }

  #comparablePart(key: string, part: unknown): unknown {
    if (['readTime', 'nextPageToken', 'transaction', 'message', 'skippedResults'].includes(key))
      return undefined;
    if (['commitTime', 'updateTime', 'createTime'].includes(key)) return this.#timeOf(part as Time | null);
    if (key === 'timestampValue' && Number((part as Time).seconds) > 1_000_000)
      return 'the time of the request';
    if (typeof part === 'string') return part.replace(/^projects\/demo-[^/]*/u, 'projects/demo');
    if (Array.isArray(part)) return part.map((each) => this.#comparablePart('', each));
    if (part === null || typeof part !== 'object' || Buffer.isBuffer(part)) return part;
    return Object.fromEntries(
      Object.entries(part).map(([name, each]) => [name, this.#comparablePart(name, each)]),
    );
  }

  /** When the first is seen that was not seen before, it is the next. */
  #timeOf(time: Time | null): unknown {
    if (time === null || this.#isForgotten) return null;
    const text = `${time.seconds}.${time.nanos}`;
    if (!this.#known.includes(text)) this.#known.push(text);
    return `time ${this.#known.indexOf(text)}`;
  }
}
