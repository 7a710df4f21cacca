import { expect } from 'chai';
import { status } from '@grpc/grpc-js';
import { FieldPath, FieldValue, Timestamp } from '@google-cloud/firestore';
import { onEachFirestore } from '../support/firestore-targets.ts';
import {
  answer,
  as,
  codeOf,
  commit,
  fields,
  read,
  remove,
  set,
  microsOf,
} from '../support/firestore-requests.ts';

onEachFirestore('writes to Firestore', (target) => {
  describe('by Google’s client', () => {
    it('create a document once', async () => {
      const document = target().emptyDatabase().client().doc('customers/a');
      await document.create({ name: 'A' });
      const again = await document.create({ name: 'B' }).catch((error: unknown) => error);
      expect(again).to.include({ code: status.ALREADY_EXISTS });
      expect((await document.get()).data()).to.deep.equal({ name: 'A' });
    });

    it('replace a document, or merge into it', async () => {
      const document = target().emptyDatabase().client().doc('customers/a');
      await document.set({ name: 'A', tags: { x: 1, y: 2 } });
      await document.set({ tags: { y: 3, 'z.z': 4 } }, { merge: true });
      expect((await document.get()).data()).to.deep.equal({ name: 'A', tags: { x: 1, y: 3, 'z.z': 4 } });
      await document.set({ tags: { x: 9, y: 9 }, name: 'B' }, { mergeFields: [new FieldPath('tags', 'x')] });
      expect((await document.get()).data()).to.deep.equal({ name: 'A', tags: { x: 9, y: 3, 'z.z': 4 } });
      await document.set({ tags: 1 });
      expect((await document.get()).data()).to.deep.equal({ tags: 1 });
    });

    it('update fields of a document that exists', async () => {
      const document = target().emptyDatabase().client().doc('customers/a');
      const missing = await document.update({ name: 'A' }).catch((error: unknown) => error);
      expect(missing).to.include({ code: status.NOT_FOUND });
      await document.set({ name: 'A', tags: { x: 1, y: 2 }, old: true });
      await document.update({ 'tags.x': 5, old: FieldValue.delete(), name: FieldValue.delete() });
      expect((await document.get()).data()).to.deep.equal({ tags: { x: 5, y: 2 } });
    });

    it('happen all or not at all', async () => {
      const firestore = target().emptyDatabase().client();
      await firestore.doc('a/1').set({});
      const batch = firestore.batch();
      batch.set(firestore.doc('a/2'), {});
      batch.create(firestore.doc('a/1'), {});
      expect(await batch.commit().catch((error: unknown) => error)).to.include({
        code: status.ALREADY_EXISTS,
      });
      expect((await firestore.doc('a/2').get()).exists).to.equal(false);
    });

    it('transform fields', async () => {
      const document = target().emptyDatabase().client().doc('a/1');
      await document.set({
        count: FieldValue.increment(2),
        list: FieldValue.arrayUnion('x'),
        at: FieldValue.serverTimestamp(),
      });
      await document.update({ count: FieldValue.increment(0.5), list: FieldValue.arrayUnion('x', 'y') });
      await document.update({ list: FieldValue.arrayRemove('x') });
      const { at, ...others } = (await document.get()).data() ?? {};
      expect(others).to.deep.equal({ count: 2.5, list: ['y'] });
      expect(at).to.be.an.instanceOf(Timestamp);
    });

    it('depend on the last update', async () => {
      const document = target().emptyDatabase().client().doc('a/1');
      const { writeTime } = await document.set({ n: 1 });
      await document.set({ n: 2 });
      const late = await document
        .update({ n: 3 }, { lastUpdateTime: writeTime })
        .catch((error: unknown) => error);
      expect(late).to.include({ code: status.FAILED_PRECONDITION });
      const { updateTime } = await document.get();
      await document.delete(updateTime && { lastUpdateTime: updateTime });
      expect((await document.get()).exists).to.equal(false);
    });

    it('are applied each for itself by a bulk writer', async () => {
      const firestore = target().emptyDatabase().client();
      await firestore.doc('a/1').set({});
      const writer = firestore.bulkWriter();
      const failure = writer.create(firestore.doc('a/1'), {}).catch((error: unknown) => error);
      const success = writer.create(firestore.doc('a/2'), { n: 1 });
      await writer.close();
      expect(await failure).to.include({ code: status.ALREADY_EXISTS });
      await success;
      expect((await firestore.doc('a/2').get()).data()).to.deep.equal({ n: 1 });
    });

    it('appear in lists of collections and documents', async () => {
      const firestore = target().emptyDatabase().client();
      await Promise.all(['b/1', 'a/2', 'a/1', 'a/0/c/1'].map((path) => firestore.doc(path).set({})));
      const collections = await firestore.listCollections();
      expect(collections.map(({ id }) => id)).to.deep.equal(['a', 'b']);
      // A document that does not exist but has collections is listed too.
      const documents = await firestore.collection('a').listDocuments();
      expect(documents.map(({ id }) => id)).to.deep.equal(['0', '1', '2']);
    });
  });

  describe('the times of documents', () => {
    it('are those of the last commit that changed them, strictly increasing', async () => {
      const database = target().emptyDatabase();
      const times = [];
      for (const n of [1, 2, 3]) {
        const { commitTime, writeResults } = answer(await commit(database, [set('a/1', { n })]));
        expect(writeResults[0]?.updateTime).to.deep.equal(commitTime);
        times.push(microsOf(commitTime));
      }
      expect(times).to.deep.equal([...new Set(times)].toSorted((a, b) => a - b));
    });

    it('stay when a write changes nothing', async () => {
      const database = target().emptyDatabase();
      const first = answer(await commit(database, [set('a/1', { n: 1, m: { x: [1] } })]));
      const second = answer(await commit(database, [set('a/1', { m: { x: [1] }, n: 1 })]));
      expect(second.writeResults[0]?.updateTime).to.deep.equal(first.commitTime);
      const third = answer(await commit(database, [set('a/1', { n: as.double(1), m: { x: [1] } })]));
      expect(third.writeResults[0]?.updateTime).to.deep.equal(third.commitTime);
    });

    it('begin again when a document is deleted and created in one commit', async () => {
      const database = target().emptyDatabase();
      await commit(database, [set('a/1', { n: 1 })]);
      const { commitTime } = answer(
        await commit(database, [remove('a/1'), set('a/1', { n: 1 }, { exists: false })]),
      );
      const documents = [database.nameOf('a/1')];
      const first = answer(await database.call('BatchGetDocuments', { database: database.name, documents }));
      expect(first.found?.createTime).to.deep.equal(commitTime);
    });

    it('keep microseconds of timestamps', async () => {
      const database = target().emptyDatabase();
      await commit(database, [set('a/1', { t: as.timestamp(5, 123_456_789) })]);
      expect(await read(database, 'a/1')).to.deep.equal([fields({ t: as.timestamp(5, 123_456_000) })]);
    });
  });

  describe('preconditions', () => {
    const wrong = { seconds: '5', nanos: 0 };
    const cases = [
      ['a document that is to exist does not', remove('a/none', { exists: true }), status.NOT_FOUND],
      ['a document that is not to exist does', remove('a/1', { exists: false }), status.ALREADY_EXISTS],
      [
        'a missing document was to have an update time',
        set('a/none', {}, { updateTime: wrong }),
        status.FAILED_PRECONDITION,
      ],
      ['the update time is another', set('a/1', {}, { updateTime: wrong }), status.FAILED_PRECONDITION],
      ['a missing document is deleted without one', remove('a/none'), status.OK],
    ] as const;
    for (const [title, write, code] of cases) {
      it(`answer ${code} when ${title}`, async () => {
        const database = target().emptyDatabase();
        await commit(database, [set('a/1', { n: 1 })]);
        expect(codeOf(await commit(database, [write]))).to.equal(code);
      });
    }

    it('of several writes to one document apply to what the writes before left', async () => {
      const database = target().emptyDatabase();
      const writes = [
        set('a/1', { n: 1 }),
        set('a/1', { m: 1 }, { mask: ['m'], exists: true }),
        remove('a/1'),
        set('a/1', { k: 1 }, { exists: false }),
      ];
      expect(codeOf(await commit(database, writes))).to.equal(status.OK);
      expect(await read(database, 'a/1')).to.deep.equal([fields({ k: 1 })]);
    });

    it('of a batch fail each for itself', async () => {
      const database = target().emptyDatabase();
      await commit(database, [set('a/1', {})]);
      const writes = [set('a/1', {}, { exists: false }), set('a/2', { n: 1 })].map((write) =>
        write(database),
      );
      const { status: statuses } = answer(
        await database.call('BatchWrite', { database: database.name, writes }),
      );
      expect(statuses.map(({ code }) => code)).to.deep.equal([status.ALREADY_EXISTS, status.OK]);
    });
  });

  describe('requests', () => {
    it('may not contain an empty write', async () => {
      expect(codeOf(await commit(target().emptyDatabase(), [() => ({})]))).to.equal(status.INVALID_ARGUMENT);
    });

    it('may not write to one document twice in a batch', async () => {
      const database = target().emptyDatabase();
      const writes = [set('a/1', {}), set('a/1', {})].map((write) => write(database));
      const outcome = await database.call('BatchWrite', { database: database.name, writes });
      expect(codeOf(outcome)).to.equal(status.INVALID_ARGUMENT);
    });

    it('are refused without credentials, because the rules let no client do anything', async () => {
      const database = target().emptyDatabase();
      const parent = `${database.name}/documents`;
      const unsigned = `${Buffer.from('{"alg":"none"}').toString('base64url')}.${Buffer.from('{"sub":"x"}').toString('base64url')}.`;
      const requests: Record<string, object> = {
        Commit: { database: database.name, writes: [set('a/1', {})(database)] },
        BatchWrite: { database: database.name, writes: [set('a/1', {})(database)] },
        BatchGetDocuments: { database: database.name, documents: [database.nameOf('a/1')] },
        RunQuery: { parent, structuredQuery: { from: [{ collectionId: 'a' }] } },
        RunAggregationQuery: {
          parent,
          structuredAggregationQuery: {
            structuredQuery: { from: [{ collectionId: 'a' }] },
            aggregations: [{ count: {} }],
          },
        },
        ListDocuments: { parent, collectionId: 'a' },
        ListCollectionIds: { parent },
      };
      for (const [method, request] of Object.entries(requests)) {
        for (const token of ['', unsigned]) {
          expect(codeOf(await database.call(method, request, token)), method).to.equal(7);
        }
      }
    });
  });
});
