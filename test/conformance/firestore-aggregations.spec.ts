import { expect } from 'chai';
import { status } from '@grpc/grpc-js';
import { onEachFirestore, type TestDatabase } from '../support/firestore-targets.ts';
import { answer, as, fields, type Plain, databaseWith } from '../support/firestore-requests.ts';

onEachFirestore('aggregations of Firestore', (target) => {
  describe('aggregations', () => {
    const { NaN: nan } = Number;
    const max = as.integer(2n ** 63n - 1n);
    const field = { field: { fieldPath: 'x' } };
    const all = [
      { alias: 's', sum: field },
      { alias: 'a', avg: field },
      { alias: 'c', count: {} },
    ];

    async function aggregate(database: TestDatabase, aggregations: object[], more: object = {}) {
      return database.call('RunAggregationQuery', {
        parent: `${database.name}/documents`,
        structuredAggregationQuery: {
          structuredQuery: { from: [{ collectionId: 'a' }], ...more },
          aggregations,
        },
      });
    }

    const cases: Record<string, readonly [values: Plain[], sum: Plain, average: Plain, count: number]> = {
      'of integers': [[1, 2], 3, 1.5, 2],
      'of nothing': [[], 0, null, 0],
      'of integers and doubles': [[1, 1.5], 2.5, 1.25, 2],
      'of what is no number': [['x', null, 2], 2, as.double(2), 3],
      'of strings alone': [['x'], 0, null, 1],
      'beyond 64 bits': [[max, 1], as.double(2 ** 63), as.double(2 ** 62), 2],
      'beyond 64 bits and back': [[max, 1, -1], max, as.double(2 ** 63 / 3), 3],
      'of NaN': [[nan, 2], nan, nan, 2],
      'of infinity and its opposite': [[Infinity, -Infinity], nan, nan, 2],
      'of -0': [[-0], as.double(0), as.double(0), 1],
    };
    for (const [title, [values, s, a, c]] of Object.entries(cases)) {
      it(title, async () => {
        const database = await databaseWith(target(), {
          ...Object.fromEntries(values.map((x, index) => [`a/${index}`, { x }])),
          'a/none': { y: 1 },
        });
        const { result } = answer(await aggregate(database, all));
        expect(result.aggregateFields).to.deep.equal(fields({ s, a, c }));
      });
    }

    it('name themselves, and count up to a number', async () => {
      const database = await databaseWith(target(), { 'a/1': {}, 'a/2': {}, 'a/3': {} });
      const { result } = answer(
        await aggregate(database, [{ count: { upTo: { value: '2' } } }, { count: {} }]),
      );
      expect(result.aggregateFields).to.deep.equal(fields({ field_1: 2, field_2: 3 }));
      const limited = answer(
        await aggregate(database, [{ alias: 'c', count: {} }], { offset: 1, limit: { value: 5 } }),
      );
      expect(limited.result.aggregateFields).to.deep.equal(fields({ c: 2 }));
    });

    for (const [title, aggregations] of Object.entries({
      'of nothing at all': [],
      'of one name': [
        { alias: 'c', count: {} },
        { alias: 'c', count: {} },
      ],
      'of no kind': [{ alias: 'c' }],
    })) {
      it(`${title} are refused`, async () => {
        expect(await aggregate(target().emptyDatabase(), aggregations)).to.include({
          code: status.INVALID_ARGUMENT,
        });
      });
    }
  });
});
