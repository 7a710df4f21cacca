import { isDeepStrictEqual } from 'node:util';
import { expect } from 'chai';
import { onEachFirestore, type TestDatabase } from '../support/firestore-targets.ts';
import {
  as,
  ascending,
  commit,
  descending,
  find,
  messages,
  set,
  unary,
  where,
  type Plain,
} from '../support/firestore-requests.ts';

/** Values by their types, one after the other as Firestore orders them; those in one list are equal to a query. */
function valuesInOrder(database: TestDatabase): Plain[][][] {
  const reference = (path: string): Plain => as.reference(database.nameOf(path));
  return [
    [[null]],
    [[false], [true]],
    [
      [Number.NaN],
      [-Infinity],
      [-1],
      [-0, 0, as.double(0)],
      [0.5],
      [1, as.double(1)],
      [as.double(2 ** 53)],
      [as.integer(2n ** 53n + 1n)],
      [Infinity],
    ],
    [[as.timestamp(1)], [as.timestamp(2)], [as.timestamp(2, 5_000)]],
    [[''], ['a'], ['ab'], ['b'], ['\uff61'], ['\u{1f600}']],
    [[as.bytes()], [as.bytes(97)], [as.bytes(255)]],
    [
      [reference('a/a')],
      [reference('a/b')],
      [reference('a/b/c/d')],
      [as.reference(database.nameOf('a/a').replace('(default)', 'other'))],
      [as.reference('projects/zzz/databases/(default)/documents/a/a')],
    ],
    [[as.point(-1, 2)], [as.point(1, 1)], [as.point(1, 2)]],
    [[[]], [[null]], [[1]], [[1, 2]], [[2]], [['a']]],
    [[{}], [{ a: 1 }], [{ a: 1, b: 0 }], [{ b: 1, a: 1 }], [{ a: 2 }], [{ a: 'x' }], [{ aa: 1 }], [{ b: 1 }]],
  ];
}

onEachFirestore('queries of Firestore for values', (target) => {
  describe('of values of all types', () => {
    let database: TestDatabase;
    /** Documents with equal values, in the order of the values. */
    let groups: { readonly x: Plain; readonly type: number; readonly ids: readonly string[] }[];

    before(async () => {
      database = target().emptyDatabase();
      const equals = valuesInOrder(database).flatMap((ofType, type) =>
        ofType.map((values) => ({ type, values })),
      );
      const writes = equals.flatMap(({ values }, place) =>
        values.map((x, index) => set(idOf(place, index), { x })),
      );
      groups = equals.map(({ type, values }, place) => ({
        x: values[0] ?? null,
        type,
        ids: values.map((_, index) => idOf(place, index)),
      }));
      // From the last to the first, so that the order of arrival does not help.
      messages(await commit(database, [...writes.toReversed(), set('v/nothing', { y: 1 })]));
    });

    const idOf = (place: number, index: number): string => `v/${String(place).padStart(2, '0')}-${index}`;
    const from = [{ collectionId: 'v' }];
    const isComparable = (x: Plain): boolean => x !== null && !Number.isNaN(x);

    it('come in Firestore’s order, and without documents that lack the field', async () => {
      const all = groups.flatMap(({ ids }) => ids);
      expect(await find(database, { from, orderBy: [ascending('x')] })).to.deep.equal(all);
      expect(await find(database, { from, orderBy: [descending('x')] })).to.deep.equal(all.toReversed());
    });

    const comparisons: Record<string, (place: number, operand: number) => boolean> = {
      EQUAL: (place, operand) => place === operand,
      LESS_THAN: (place, operand) => place < operand,
      LESS_THAN_OR_EQUAL: (place, operand) => place <= operand,
      GREATER_THAN: (place, operand) => place > operand,
      GREATER_THAN_OR_EQUAL: (place, operand) => place >= operand,
    };
    for (const [op, accepts] of Object.entries(comparisons)) {
      it(`compare a value with those of its own type alone: ${op}`, async () => {
        const found = await Promise.all(
          groups.map(({ x }) => find(database, { from, where: where('x', op, x) })),
        );
        const expected = groups.map((operand, operandPlace) =>
          groups.flatMap(({ x, type, ids }, place) =>
            [x, operand.x].every(isComparable) && type === operand.type && accepts(place, operandPlace)
              ? ids
              : [],
          ),
        );
        expect(found).to.deep.equal(expected);
      });
    }

    const { NaN: nan } = Number;
    const cases: Record<string, readonly [filter: object, expected: Plain[], isAllBut?: 'all but']> = {
      '!= finds all but null and the value': [where('x', 'NOT_EQUAL', 1), [null, 1], 'all but'],
      '!= NaN finds NaN': [where('x', 'NOT_EQUAL', nan), [null], 'all but'],
      '!= null finds nothing': [where('x', 'NOT_EQUAL', null), []],
      'is null': [unary('x', 'IS_NULL'), [null]],
      'is not null': [unary('x', 'IS_NOT_NULL'), [null], 'all but'],
      'is NaN': [unary('x', 'IS_NAN'), [nan]],
      'is not NaN': [unary('x', 'IS_NOT_NAN'), [null, nan], 'all but'],
      'in finds each value': [where('x', 'IN', ['a', 1, as.double(1)]), [1, 'a']],
      'in finds arrays': [where('x', 'IN', [[1]]), [[1]]],
      'in ignores null and NaN': [where('x', 'IN', [null, nan, 1]), [1]],
      'not-in finds all others': [where('x', 'NOT_IN', [1, 'a']), [null, 1, 'a'], 'all but'],
      'not-in with null finds nothing': [where('x', 'NOT_IN', [1, null]), []],
      'array-contains': [where('x', 'ARRAY_CONTAINS', as.double(1)), [[1], [1, 2]]],
      'array-contains finds no null': [where('x', 'ARRAY_CONTAINS', null), []],
      'array-contains-any': [where('x', 'ARRAY_CONTAINS_ANY', [2, 'a', null]), [[1, 2], [2], ['a']]],
    };
    for (const [title, [filter, values, isAllBut]] of Object.entries(cases)) {
      it(title, async () => {
        const found = await find(database, { from, where: filter });
        const isNamed = (x: Plain): boolean => values.some((each) => isDeepStrictEqual(each, x));
        const expected = groups.filter(({ x }) => isNamed(x) === (isAllBut === undefined));
        expect((found as string[]).toSorted()).to.deep.equal(expected.flatMap(({ ids }) => ids));
      });
    }
  });
});
