import { expect } from 'chai';
import { status } from '@grpc/grpc-js';
import type { Timestamp } from '@google-cloud/firestore';
import { type Transaction } from '@google-cloud/firestore';
import { onEachFirestore, type TestDatabase } from '../support/firestore-targets.ts';
import {
  answer,
  codeOf,
  commit,
  fields,
  find,
  messages,
  read,
  set,
  where,
} from '../support/firestore-requests.ts';

async function begin(database: TestDatabase, options: object = {}): Promise<Buffer> {
  const { transaction } = answer(
    await database.call('BeginTransaction', { database: database.name, options }),
  );
  return transaction;
}

function readIn(database: TestDatabase, path: string, consistency: object) {
  const documents = [database.nameOf(path)];
  return database.call('BatchGetDocuments', { database: database.name, documents, ...consistency });
}

function queryIn(database: TestDatabase, transaction: Buffer, filter?: object) {
  const structuredQuery = { from: [{ collectionId: 'a' }], where: filter };
  return database.call('RunQuery', { parent: `${database.name}/documents`, structuredQuery, transaction });
}

const rollback = (database: TestDatabase, transaction: Buffer) =>
  database.call('Rollback', { database: database.name, transaction });

/** Whether the call is still waiting, after the server has had time to answer others. */
async function isWaiting(database: TestDatabase, call: Promise<unknown>): Promise<boolean> {
  let isAnswered = false;
  void call.then(() => (isAnswered = true));
  for (let times = 0; times < 10; times++) await find(database, { from: [{ collectionId: 'elsewhere' }] });
  return !isAnswered;
}

onEachFirestore('transactions of Firestore', (target) => {
  describe('one at a time', () => {
    it('commit what they write, once', async () => {
      const database = target().emptyDatabase();
      const transaction = await begin(database);
      expect(codeOf(await commit(database, [set('a/1', { n: 1 })], transaction))).to.equal(status.OK);
      expect(codeOf(await commit(database, [], transaction))).to.equal(status.INVALID_ARGUMENT);
      expect(codeOf(await readIn(database, 'a/1', { transaction }))).to.equal(status.INVALID_ARGUMENT);
    });

    it('end when they are rolled back, any number of times', async () => {
      const database = target().emptyDatabase();
      const transaction = await begin(database);
      expect(codeOf(await rollback(database, transaction))).to.equal(status.OK);
      expect(codeOf(await rollback(database, transaction))).to.equal(status.OK);
      expect(codeOf(await readIn(database, 'a/1', { transaction }))).to.equal(status.INVALID_ARGUMENT);
      expect(codeOf(await commit(database, [], transaction))).to.equal(status.INVALID_ARGUMENT);
    });

    it('end when their commit is refused', async () => {
      const database = target().emptyDatabase();
      const transaction = await begin(database);
      await readIn(database, 'a/1', { transaction });
      expect(codeOf(await commit(database, [set('a/1', {}, { exists: true })], transaction))).to.equal(5);
      expect(codeOf(await commit(database, [set('a/1', { n: 1 })]))).to.equal(status.OK);
      expect(codeOf(await commit(database, [], transaction))).to.equal(status.INVALID_ARGUMENT);
    });

    it('go on when their commit is malformed', async () => {
      const database = target().emptyDatabase();
      const transaction = await begin(database);
      expect(codeOf(await commit(database, [set('a/__1__', {})], transaction))).to.equal(
        status.INVALID_ARGUMENT,
      );
      expect(codeOf(await commit(database, [set('a/1', {})], transaction))).to.equal(status.OK);
    });

    it('are unknown when they never began', async () => {
      const database = target().emptyDatabase();
      expect(codeOf(await readIn(database, 'a/1', { transaction: Buffer.from('x') }))).to.equal(
        status.INVALID_ARGUMENT,
      );
    });

    it('begin with their first read, of a document or a query', async () => {
      const database = target().emptyDatabase();
      const newTransaction = { readWrite: {} };
      const [first, second] = messages(await readIn(database, 'a/1', { newTransaction }));
      expect(first?.transaction).to.have.length.above(0);
      expect(second?.missing).to.equal(database.nameOf('a/1'));
      const parent = `${database.name}/documents`;
      const structuredQuery = { from: [{ collectionId: 'a' }] };
      const query = messages(await database.call('RunQuery', { parent, structuredQuery, newTransaction }));
      expect(query[0]?.transaction).to.have.length.above(0);
      const structuredAggregationQuery = { structuredQuery, aggregations: [{ count: {} }] };
      const request = { parent, structuredAggregationQuery, newTransaction };
      const aggregation = messages(await database.call('RunAggregationQuery', request));
      expect(aggregation[0]?.transaction).to.have.length.above(0);
    });
  });

  describe('that only read', () => {
    it('see what was there when they began, and lock nothing', async () => {
      const database = target().emptyDatabase();
      await commit(database, [set('a/1', { n: 1 })]);
      const transaction = await begin(database, { readOnly: {} });
      expect(codeOf(await commit(database, [set('a/1', { n: 2 }), set('a/2', {})]))).to.equal(status.OK);
      const { found } = answer(await readIn(database, 'a/1', { transaction }));
      expect(found?.fields).to.deep.equal(fields({ n: 1 }));
      const documents = messages(await queryIn(database, transaction)).filter(({ document }) => document);
      expect(documents).to.have.length(1);
      expect(codeOf(await commit(database, [], transaction))).to.equal(status.OK);
    });

    it('may not write', async () => {
      const database = target().emptyDatabase();
      const transaction = await begin(database, { readOnly: {} });
      expect(codeOf(await commit(database, [set('a/1', {})], transaction))).to.equal(status.INVALID_ARGUMENT);
    });

    it('see what was there at an earlier time', async () => {
      const database = target().emptyDatabase();
      const { commitTime } = answer(await commit(database, [set('a/1', { n: 1 })]));
      await commit(database, [set('a/1', { n: 2 })]);
      const transaction = await begin(database, { readOnly: { readTime: commitTime } });
      for (const consistency of [{ transaction }, { readTime: commitTime }]) {
        const first = answer(await readIn(database, 'a/1', consistency));
        expect(first.found?.fields).to.deep.equal(fields({ n: 1 }));
      }
    });

    it('see neither the future nor what has long been forgotten', async () => {
      const database = target().emptyDatabase();
      await commit(database, [set('a/1', { n: 1 })]);
      const times = {
        [status.INVALID_ARGUMENT]: Date.now() / 1_000 + 3_600,
        [status.FAILED_PRECONDITION]: 5,
      };
      for (const [code, seconds] of Object.entries(times)) {
        const readTime = { seconds: `${Math.floor(seconds)}` };
        expect(codeOf(await readIn(database, 'a/1', { readTime }))).to.equal(Number(code));
        const options = { readOnly: { readTime } };
        const outcome = await database.call('BeginTransaction', { database: database.name, options });
        expect(codeOf(outcome)).to.equal(Number(code));
      }
    });
  });

  describe('at the same time', () => {
    it('keep others from writing what they have read, until they end', async () => {
      for (const end of ['commit', 'rollback'] as const) {
        const database = target().emptyDatabase();
        const transaction = await begin(database);
        await readIn(database, 'a/1', { transaction });
        const blind = commit(database, [set('a/1', { n: 1 })]);
        const elsewhere = commit(database, [set('a/2', {})]);
        expect(codeOf(await elsewhere)).to.equal(status.OK);
        expect(await isWaiting(database, blind)).to.equal(true);
        if (end === 'commit') await commit(database, [set('a/1', { n: 2 })], transaction);
        else await rollback(database, transaction);
        expect(codeOf(await blind)).to.equal(status.OK);
        expect(await read(database, 'a/1')).to.deep.equal([fields({ n: 1 })]);
      }
    });

    it('let others read what they have read', async () => {
      const database = target().emptyDatabase();
      const [a, b] = [await begin(database), await begin(database)];
      for (const transaction of [a, b]) await readIn(database, 'a/1', { transaction });
      expect(await read(database, 'a/1')).to.deep.equal([undefined]);
      for (const transaction of [a, b])
        expect(codeOf(await commit(database, [], transaction))).to.equal(status.OK);
    });

    it('keep others from writing what a query has not found, but would', async () => {
      const database = target().emptyDatabase();
      const transaction = await begin(database);
      await queryIn(database, transaction, where('n', 'EQUAL', 1));
      const found = commit(database, [set('a/1', { n: 1 })]);
      const elsewhere = commit(database, [set('b/1', { n: 1 })]);
      expect(codeOf(await elsewhere)).to.equal(status.OK);
      expect(await isWaiting(database, found)).to.equal(true);
      expect(codeOf(await commit(database, [], transaction))).to.equal(status.OK);
      expect(codeOf(await found)).to.equal(status.OK);
    });

    it('are aborted, the first to wait, when they wait for each other', async () => {
      const database = target().emptyDatabase();
      const [a, b] = [await begin(database), await begin(database)];
      for (const transaction of [a, b]) await readIn(database, 'a/1', { transaction });
      const first = commit(database, [set('a/1', { n: 1 })], a);
      expect(await isWaiting(database, first)).to.equal(true);
      expect(codeOf(await commit(database, [set('a/1', { n: 2 })], b))).to.equal(status.OK);
      expect(codeOf(await first)).to.equal(status.ABORTED);
      expect(codeOf(await rollback(database, a))).to.equal(status.OK);
      expect(await read(database, 'a/1')).to.deep.equal([fields({ n: 2 })]);
    });

    it('are aborted when what they wait for is not released in time', async () => {
      const database = target().emptyDatabase();
      const transaction = await begin(database);
      await readIn(database, 'a/1', { transaction });
      const writes = [set('a/1', {}), set('a/2', {})].map((write) => write(database));
      const batch = database.call('BatchWrite', { database: database.name, writes });
      expect(codeOf(await commit(database, [set('a/1', {})]))).to.equal(status.ABORTED);
      const { status: statuses } = answer(await batch);
      expect(statuses.map(({ code }) => code)).to.deep.equal([status.ABORTED, status.OK]);
      expect(codeOf(await commit(database, [set('a/1', { n: 1 })], transaction))).to.equal(status.OK);
    });
  });

  describe('by Google’s client', () => {
    it('count without losing any', async () => {
      const firestore = target().emptyDatabase().client();
      const counter = firestore.doc('a/counter');
      await counter.set({ n: 0 });
      const increment = async (transaction: Transaction): Promise<void> => {
        const { n } = (await transaction.get(counter)).data() as { n: number };
        transaction.set(counter, { n: n + 1 });
      };
      await Promise.all(Array.from({ length: 2 }, () => firestore.runTransaction(increment)));
      expect((await counter.get()).data()).to.deep.equal({ n: 2 });
    });

    it('create a document only once', async () => {
      const firestore = target().emptyDatabase().client();
      const collection = firestore.collection('a');
      const createUnlessThere = async (transaction: Transaction): Promise<void> => {
        const { empty } = await transaction.get(collection.where('kind', '==', 'only'));
        if (empty) transaction.create(collection.doc(), { kind: 'only' });
      };
      await Promise.all(Array.from({ length: 2 }, () => firestore.runTransaction(createUnlessThere)));
      expect((await collection.get()).size).to.equal(1);
    });

    it('read many documents, and at an earlier time', async () => {
      const firestore = target().emptyDatabase().client();
      const documents = [firestore.doc('a/1'), firestore.doc('a/2')] as const;
      const { writeTime } = await documents[0].set({ n: 1 });
      await documents[0].set({ n: 2 });
      const numbers = (readTime?: Timestamp) =>
        firestore.runTransaction(
          async (transaction) => {
            const snapshots = await transaction.getAll(...documents);
            return snapshots.map((snapshot) => snapshot.get('n') as number | undefined);
          },
          { readOnly: true, ...(readTime && { readTime }) },
        );
      expect(await numbers()).to.deep.equal([2, undefined]);
      expect(await numbers(writeTime)).to.deep.equal([1, undefined]);
    });
  });
});
