import { expect } from 'chai';
import { status } from '@grpc/grpc-js';
import { onEachFirestore, type TestDatabase } from '../support/firestore-targets.ts';
import { answer, fields, databaseWith } from '../support/firestore-requests.ts';

onEachFirestore('aggregations of Firestore', (target) => {
  describe('aggregations', () => {
    async function aggregate(database: TestDatabase, aggregations: object[], more: object = {}) {
      return database.call('RunAggregationQuery', {
        parent: `${database.name}/documents`,
        structuredAggregationQuery: {
          structuredQuery: { from: [{ collectionId: 'a' }], ...more },
          aggregations,
        },
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
