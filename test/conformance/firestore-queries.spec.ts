import { expect } from 'chai';
import { status } from '@grpc/grpc-js';
import { FieldPath, Filter } from '@google-cloud/firestore';
import { onEachFirestore, type TestDatabase } from '../support/firestore-targets.ts';
import {
  and,
  answer,
  as,
  ascending,
  descending,
  fields,
  find,
  messages,
  or,
  value,
  where,
  type Plain,
  databaseWith,
} from '../support/firestore-requests.ts';

onEachFirestore('queries of Firestore', (target) => {
  describe('of documents', () => {
    let database: TestDatabase;
    before(async () => {
      database = await databaseWith(target(), {
        'q/a': { x: 1, y: 1, m: { k: 1, 'd.d': 3 }, tags: [1, 2] },
        'q/b': { x: 1, y: 2 },
        'q/c': { x: 2, y: 1, z: 1 },
        'q/d': { x: 2, m: { k: 2 } },
        'q/e': { y: 3 },
        'q/e/q/f': { x: 1, y: 9 },
        'q/a/r/g': { x: 7 },
        'r/a': { x: 1 },
      });
    });

    const from = [{ collectionId: 'q' }];
    const cases: Record<string, readonly [query: object, expected: string[] | number]> = {
      'of a collection come in the order of their names': [{ from }, ['q/a', 'q/b', 'q/c', 'q/d', 'q/e']],
      'of a collection group': [
        { from: [{ collectionId: 'q', allDescendants: true }] },
        ['q/a', 'q/b', 'q/c', 'q/d', 'q/e', 'q/e/q/f'],
      ],
      'of all collections on top': [{}, ['q/a', 'q/b', 'q/c', 'q/d', 'q/e', 'r/a']],
      'of everything': [
        { from: [{ allDescendants: true }] },
        ['q/a', 'q/a/r/g', 'q/b', 'q/c', 'q/d', 'q/e', 'q/e/q/f', 'r/a'],
      ],
      'of two collections are refused': [{ from: [...from, ...from] }, status.INVALID_ARGUMENT],
      'by a field of a map': [{ from, where: where('m.k', 'EQUAL', 2) }, ['q/d']],
      'by a quoted field': [{ from, where: where('m.`d.d`', 'EQUAL', 3) }, ['q/a']],
      'by a malformed path are refused': [
        { from, where: where('m..k', 'EQUAL', 2) },
        status.INVALID_ARGUMENT,
      ],
      'by a reserved field are refused': [
        { from, where: where('__k__', 'EQUAL', 2) },
        status.INVALID_ARGUMENT,
      ],
      'order by fields that inequalities name': [
        { from, where: and(where('y', 'GREATER_THAN', 0), where('x', 'GREATER_THAN', 0)) },
        ['q/a', 'q/b', 'q/c'],
      ],
      'order by inequalities after the explicit orders': [
        { from, where: where('x', 'GREATER_THAN', 0), orderBy: [descending('y')] },
        ['q/b', 'q/c', 'q/a'],
      ],
      'order by name in the last direction': [
        { from, where: where('x', 'GREATER_THAN', 0), orderBy: [descending('x')] },
        ['q/d', 'q/c', 'q/b', 'q/a'],
      ],
      'order by name in the given direction': [
        { from, orderBy: [descending('x'), ascending('__name__')] },
        ['q/c', 'q/d', 'q/a', 'q/b'],
      ],
      'order by a field twice are refused': [
        { from, orderBy: [ascending('x'), descending('x')] },
        status.INVALID_ARGUMENT,
      ],
      'order by more than a name are refused': [
        { from, orderBy: [ascending('__name__'), ascending('x')] },
        status.INVALID_ARGUMENT,
      ],
      'by one condition or another': [
        { from, where: or(where('x', 'EQUAL', 1), where('y', 'EQUAL', 1)) },
        ['q/a', 'q/b', 'q/c'],
      ],
      'by an inequality or another condition': [
        { from, where: or(where('x', 'GREATER_THAN', 1), where('y', 'EQUAL', 3)) },
        ['q/c', 'q/d'],
      ],
      'by conditions in conditions': [
        { from, where: and(where('x', 'IN', [1, 2]), or(where('y', 'EQUAL', 1), where('z', 'EQUAL', 1))) },
        ['q/a', 'q/c'],
      ],
      'by no condition': [{ from, where: and() }, ['q/a', 'q/b', 'q/c', 'q/d', 'q/e']],
      'have a limit': [{ from, limit: { value: 2 } }, ['q/a', 'q/b']],
      'have a limit of 0': [{ from, limit: { value: 0 } }, []],
      'have an offset': [{ from, offset: 2, limit: { value: 2 } }, ['q/c', 'q/d']],
      'have an offset past the end': [{ from, offset: 9 }, []],
      'with a negative limit are refused': [{ from, limit: { value: -1 } }, status.INVALID_ARGUMENT],
      'with a negative offset are refused': [{ from, offset: -1 }, status.INVALID_ARGUMENT],
      'start at a value': [
        {
          from,
          orderBy: [ascending('x'), ascending('y')],
          startAt: { values: [value(1), value(2)], before: true },
        },
        ['q/b', 'q/c'],
      ],
      'start after all equal values': [
        { from, orderBy: [ascending('x'), ascending('y')], startAt: { values: [value(1)] } },
        ['q/c'],
      ],
      'end at a value': [{ from, orderBy: [ascending('x')], endAt: { values: [value(1)] } }, ['q/a', 'q/b']],
      'end before a value': [
        { from, orderBy: [descending('x')], endAt: { values: [value(1)], before: true } },
        ['q/d', 'q/c'],
      ],
      'start at a value of another type': [
        { from, orderBy: [ascending('x')], startAt: { values: [value('s')], before: true } },
        [],
      ],
      'start at null': [
        { from, orderBy: [ascending('x')], startAt: { values: [value(null)], before: true } },
        ['q/a', 'q/b', 'q/c', 'q/d'],
      ],
      'with more cursor values than orders are refused': [
        { from, orderBy: [ascending('x')], startAt: { values: [value(1), value(2)] } },
        status.INVALID_ARGUMENT,
      ],
      'with an unknown operator are refused': [
        { from, where: { fieldFilter: { field: { fieldPath: 'x' }, value: value(1) } } },
        status.INVALID_ARGUMENT,
      ],
      'with an unknown connective are refused': [
        { from, where: { compositeFilter: { filters: [where('x', 'EQUAL', 1)] } } },
        status.INVALID_ARGUMENT,
      ],
      'without a value are refused': [
        { from, where: { fieldFilter: { field: { fieldPath: 'x' }, op: 'EQUAL' } } },
        status.INVALID_ARGUMENT,
      ],
      'in an empty list are refused': [{ from, where: where('x', 'IN', []) }, status.INVALID_ARGUMENT],
      'in what is no list are refused': [{ from, where: where('x', 'IN', 1) }, status.INVALID_ARGUMENT],
      'in 31 values are refused': [
        { from, where: where('x', 'IN', Array(31).fill(1)) },
        status.INVALID_ARGUMENT,
      ],
      'not in 11 values are refused': [
        { from, where: where('x', 'NOT_IN', Array(11).fill(1)) },
        status.INVALID_ARGUMENT,
      ],
    };
    for (const [title, [query, expected]] of Object.entries(cases)) {
      it(title, async () => expect(await find(database, query)).to.deep.equal(expected));
    }

    it('below a document', async () => {
      expect(await find(database, { from }, 'q/e')).to.deep.equal(['q/e/q/f']);
      expect(await find(database, { from: [{ allDescendants: true }] }, 'q/a')).to.deep.equal(['q/a/r/g']);
      expect(await find(database, { from }, 'q')).to.equal(status.INVALID_ARGUMENT);
    });

    it('by name', async () => {
      const name = (path: string): Plain => as.reference(database.nameOf(path));
      const byName = (op: string, operand: Plain) =>
        find(database, { from, where: where('__name__', op, operand) });
      expect(await byName('EQUAL', name('q/b'))).to.deep.equal(['q/b']);
      expect(await byName('GREATER_THAN', name('q/c'))).to.deep.equal(['q/d', 'q/e']);
      expect(await byName('NOT_EQUAL', name('q/c'))).to.deep.equal(['q/a', 'q/b', 'q/d', 'q/e']);
      expect(await byName('IN', [name('q/c'), name('q/a'), name('r/a')])).to.deep.equal(['q/a', 'q/c']);
      expect(await byName('EQUAL', 'b')).to.equal(status.INVALID_ARGUMENT);
      const startAt = { values: [value(1), value(name('q/b'))], before: true };
      const orderBy = [ascending('x'), ascending('__name__')];
      expect(await find(database, { from, orderBy, startAt })).to.deep.equal(['q/b', 'q/c', 'q/d']);
    });

    it('select fields', async () => {
      const select = { fields: ['x', 'm.`d.d`'].map((fieldPath) => ({ fieldPath })) };
      const query = {
        parent: `${database.name}/documents`,
        structuredQuery: { from, select, limit: { value: 1 } },
      };
      const { document } = answer(await database.call('RunQuery', query));
      expect(document?.fields).to.deep.equal(fields({ x: 1, m: { 'd.d': 3 } }));
    });

    it('say when they are done, and as of when they read', async () => {
      const query = {
        parent: `${database.name}/documents`,
        structuredQuery: { from: [{ collectionId: 'none' }] },
      };
      const answers = messages(await database.call('RunQuery', query));
      expect(answers).to.have.length(1);
      expect(answers[0]).to.include({ document: null, done: true });
      expect(Number(answers[0]?.readTime.seconds)).to.be.above(0);
    });

    it('list a collection in pages', async () => {
      const list = async (pageToken: string) => {
        const request = { parent: `${database.name}/documents`, collectionId: 'q', pageSize: 3, pageToken };
        const page = answer(await database.call('ListDocuments', request));
        const names = page.documents.map(({ name }) => name);
        return { names, nextPageToken: page.nextPageToken };
      };
      const first = await list('');
      const second = await list(first.nextPageToken);
      const expected = ['q/a', 'q/b', 'q/c', 'q/d', 'q/e'].map((path) => database.nameOf(path));
      expect([...first.names, ...second.names]).to.deep.equal(expected);
      expect(second.nextPageToken).to.equal('');
    });
  });

  describe('by Google’s client', () => {
    it('filter, order, page and limit to the last', async () => {
      const firestore = target().emptyDatabase().client();
      const collection = firestore.collection('c');
      await Promise.all([1, 2, 3, 4, 5].map((n) => collection.doc(`d${n}`).set({ n, even: n % 2 === 0 })));
      const ids = async (query: FirebaseFirestore.Query): Promise<string[]> =>
        (await query.get()).docs.map(({ id }) => id);
      const ordered = collection.orderBy('n');
      expect(await ids(collection.where('even', '==', true))).to.deep.equal(['d2', 'd4']);
      expect(await ids(collection.where('n', '>=', 2).where('n', '<', 4))).to.deep.equal(['d2', 'd3']);
      expect(await ids(ordered.limitToLast(2))).to.deep.equal(['d4', 'd5']);
      expect(await ids(ordered.startAfter(await collection.doc('d2').get()).limit(2))).to.deep.equal([
        'd3',
        'd4',
      ]);
      expect(await ids(ordered.startAt(2).endBefore(4))).to.deep.equal(['d2', 'd3']);
      expect(
        await ids(collection.where(Filter.or(Filter.where('n', '==', 1), Filter.where('even', '==', true)))),
      ).to.deep.equal(['d1', 'd2', 'd4']);
      expect(await ids(collection.where(FieldPath.documentId(), 'in', ['d5', 'd1']))).to.deep.equal([
        'd1',
        'd5',
      ]);
      expect(await ids(collection.where(FieldPath.documentId(), '>', 'd3'))).to.deep.equal(['d4', 'd5']);
      expect(await ids(firestore.collectionGroup('c').orderBy('n', 'desc').offset(3))).to.deep.equal([
        'd2',
        'd1',
      ]);
      const selected = await ordered.select('even').limit(1).get();
      expect(selected.docs[0]?.data()).to.deep.equal({ even: false });
    });

    it('count', async () => {
      const firestore = target().emptyDatabase().client();
      const collection = firestore.collection('c');
      await Promise.all([1, 2, 3, 4].map((n) => collection.doc(`d${n}`).set({ n })));
      expect((await collection.where('n', '>', 1).count().get()).data()).to.deep.equal({ count: 3 });
      expect((await collection.limit(3).count().get()).data()).to.deep.equal({ count: 3 });
    });
  });
});
