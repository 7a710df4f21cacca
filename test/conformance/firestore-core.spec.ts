import { expect } from 'chai';
import type { Change } from '../../local/cloud/firestore/committer.ts';
import type { Database } from '../../local/cloud/firestore/database.ts';
import { Store } from '../../local/cloud/firestore/store.ts';
import { toMicros } from '../../local/cloud/firestore/times.ts';
import { integer } from '../../local/cloud/firestore/values.ts';
import type { Write } from '../../local/cloud/firestore/writes.ts';
import { describeTarget } from '../support/describe-target.ts';
import { embeddedFirestore } from '../support/firestore-targets.ts';
import { VirtualClock } from '../support/virtual-clock.ts';

const NAME = 'projects/demo/databases/(default)';

function write(path: string, n: number): Write {
  return { update: { name: `${NAME}/documents/${path}`, fields: { n: integer(n) } }, updateTransforms: [] };
}

const erase = (path: string): Write => ({ delete: `${NAME}/documents/${path}`, updateTransforms: [] });

/** A transaction that has read a document. */
function readerOf(database: Database, path: string): Uint8Array {
  const transaction = database.begin({});
  database.get([path], { transaction });
  return transaction;
}

const failure = (promise: Promise<unknown>): Promise<unknown> =>
  promise.then(
    () => 'no failure',
    (error: unknown) => error,
  );

describe('the embedded Firestore with a virtual clock', () => {
  let clock: VirtualClock;
  let store: Store;
  let database: Database;
  beforeEach(() => {
    clock = new VirtualClock();
    store = new Store(clock);
    database = store.database(NAME);
  });

  it('gives every commit a later time, though the clock stands still', async () => {
    const times = [];
    for (const n of [1, 2, 3]) times.push(toMicros((await database.commit([write('a/1', n)])).commitTime));
    const [first = 0] = times;
    expect(times).to.deep.equal([first, first + 1, first + 2]);
  });

  it('gives a commit a later time than every read that does not see it', async () => {
    const { readTime } = database.get(['a/1'], {});
    const { commitTime } = await database.commit([write('a/1', 1)]);
    expect(toMicros(commitTime)).to.be.above(toMicros(readTime));
    expect(database.get(['a/1'], { readTime }).documents).to.deep.equal([undefined]);
  });

  it('aborts a commit after two seconds of waiting, and not before', async () => {
    readerOf(database, 'a/1');
    const waiting = failure(database.commit([write('a/1', 1)]));
    clock.advance(1_999);
    expect(await Promise.race([waiting, Promise.resolve('waiting')])).to.equal('waiting');
    clock.advance(1);
    expect(await waiting).to.include({ code: 10 });
  });

  it('forgets a transaction that has been idle for a minute', async () => {
    const transaction = readerOf(database, 'a/1');
    clock.advance(60_001);
    await database.commit([write('a/1', 1)]);
    expect(await failure(database.commit([], transaction))).to.include({ code: 3 });
  });

  it('ends a transaction after 270 seconds, however busy', async () => {
    const transaction = readerOf(database, 'a/1');
    for (let times = 0; times < 9; times++) {
      clock.advance(30_000);
      database.get(['a/1'], { transaction });
    }
    clock.advance(1);
    expect(await failure(database.commit([], transaction))).to.include({ code: 3 });
  });

  it('aborts one of three transactions that wait for each other in a circle', async () => {
    const paths = ['a/1', 'a/2', 'a/3'];
    const transactions = paths.map((path) => readerOf(database, path));
    const commits = transactions.map((transaction, index) =>
      failure(database.commit([write(paths[(index + 1) % 3] ?? '', index)], transaction)),
    );
    const results = await Promise.all(commits);
    expect(results[0]).to.include({ code: 10 });
    expect(results.slice(1)).to.deep.equal(['no failure', 'no failure']);
  });

  it('reports every change in the order of the commits, and no write that changes nothing', async () => {
    const changes: Change[] = [];
    store.onWrite((change) => changes.push(change));
    const transaction = readerOf(database, 'a/1');
    const waiting = database.commit([write('a/1', 2)]);
    await database.commit([write('a/2', 1), erase('a/none')]);
    await database.commit([write('a/1', 1)], transaction);
    await waiting;
    await database.commit([write('a/1', 2)]);
    await database.commit([erase('a/1')]);
    const seen = changes.map(({ path, before, after }) => [path, before?.fields['n'], after?.fields['n']]);
    expect(seen).to.deep.equal([
      ['a/2', undefined, integer(1)],
      ['a/1', undefined, integer(1)],
      ['a/1', integer(1), integer(2)],
      ['a/1', integer(2), undefined],
    ]);
    const times = changes.map(({ commitTime }) => toMicros(commitTime));
    expect(times).to.deep.equal([...new Set(times)].toSorted((a, b) => a - b));
  });

  it('keeps the last 100 versions, and what open transactions need', async () => {
    const { commitTime } = await database.commit([write('a/1', 0)]);
    const transaction = database.begin({ readOnly: { readTime: commitTime } });
    for (let n = 1; n <= 100; n++) await database.commit([write('a/1', n)]);
    expect(database.get(['a/1'], { readTime: commitTime }).documents[0]?.fields).to.deep.equal({
      n: integer(0),
    });
    await database.commit([write('a/1', 101)]);
    expect(() => database.get(['a/1'], { readTime: commitTime })).to.throw('too old');
    expect(database.get(['a/1'], { transaction }).documents[0]?.fields).to.deep.equal({ n: integer(0) });
  });
});

describeTarget('the embedded Firestore', embeddedFirestore, (target) => {
  const methods = [
    'GetDocument',
    'CreateDocument',
    'UpdateDocument',
    'DeleteDocument',
    'PartitionQuery',
    'ExecutePipeline',
  ];
  for (const method of methods) {
    it(`answers UNIMPLEMENTED to ${method}`, async () => {
      const outcome = await target().emptyDatabase().call(method, {});
      expect(outcome).to.include({ code: 12 });
      expect(outcome).to.have.property('details').that.includes(method);
    });
  }

  it('names the field of a request that it does not implement', async () => {
    const database = target().emptyDatabase();
    const parent = `${database.name}/documents`;
    const requests: Record<string, readonly [method: string, request: object]> = {
      find_nearest: ['RunQuery', { parent, structuredQuery: { findNearest: {} } }],
      explain_options: ['RunQuery', { parent, structuredQuery: {}, explainOptions: {} }],
      order_by: ['ListDocuments', { parent, collectionId: 'a', orderBy: 'x' }],
    };
    for (const [field, [method, request]] of Object.entries(requests)) {
      const outcome = await database.call(method, request);
      expect(outcome).to.include({ code: 12 });
      expect(outcome).to.have.property('details').that.includes(field);
    }
  });
});
