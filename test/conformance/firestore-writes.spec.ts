import { expect } from 'chai';
import { FieldPath, FieldValue, Timestamp } from '@google-cloud/firestore';
import { onEachFirestore, type Time } from '../support/firestore-targets.ts';
import {
  answer,
  as,
  codeOf,
  commit,
  fields,
  read,
  remove,
  set,
  transform,
  value,
  type Plain,
} from '../support/firestore-requests.ts';

const OK = 0;
const INVALID_ARGUMENT = 3;
const NOT_FOUND = 5;
const ALREADY_EXISTS = 6;
const FAILED_PRECONDITION = 9;

/** Since 1970. */
function microsOf(time: Time | null | undefined): number {
  return Number(time?.seconds) * 1e6 + Number(time?.nanos) / 1e3;
}

onEachFirestore('writes to Firestore', (target) => {
  describe('by Google’s client', () => {
    it('create a document once', async () => {
      const document = target().emptyDatabase().client().doc('customers/a');
      await document.create({ name: 'A' });
      const again = await document.create({ name: 'B' }).catch((error: unknown) => error);
      expect(again).to.include({ code: ALREADY_EXISTS });
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
      expect(missing).to.include({ code: NOT_FOUND });
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
      expect(await batch.commit().catch((error: unknown) => error)).to.include({ code: ALREADY_EXISTS });
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
      expect(late).to.include({ code: FAILED_PRECONDITION });
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
      expect(await failure).to.include({ code: ALREADY_EXISTS });
      await success;
      expect((await firestore.doc('a/2').get()).data()).to.deep.equal({ n: 1 });
    });

    it('are seen by whoever lists collections and documents', async () => {
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
    it('tell the commit that changed them last, strictly later than any before', async () => {
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
      ['a document that is to exist does not', remove('a/none', { exists: true }), NOT_FOUND],
      ['a document that is not to exist does', remove('a/1', { exists: false }), ALREADY_EXISTS],
      [
        'a missing document was to have an update time',
        set('a/none', {}, { updateTime: wrong }),
        FAILED_PRECONDITION,
      ],
      ['the update time is another', set('a/1', {}, { updateTime: wrong }), FAILED_PRECONDITION],
      ['a missing document is deleted without one', remove('a/none'), OK],
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
      expect(codeOf(await commit(database, writes))).to.equal(OK);
      expect(await read(database, 'a/1')).to.deep.equal([fields({ k: 1 })]);
    });

    for (const [title, ...writes] of [
      ['a set, then a create', set('a/1', {}), set('a/1', {}, { exists: false })],
      ['a delete, then an update', remove('a/1'), set('a/1', {}, { exists: true })],
      ['two creates', set('a/1', {}, { exists: false }), set('a/1', {}, { exists: false })],
    ] as const) {
      it(`refuse ${title} of one document`, async () => {
        expect(codeOf(await commit(target().emptyDatabase(), writes))).to.equal(INVALID_ARGUMENT);
      });
    }

    it('of a batch fail each for itself', async () => {
      const database = target().emptyDatabase();
      await commit(database, [set('a/1', {})]);
      const writes = [set('a/1', {}, { exists: false }), set('a/2', { n: 1 })].map((write) =>
        write(database),
      );
      const { status } = answer(await database.call('BatchWrite', { database: database.name, writes }));
      expect(status.map(({ code }) => code)).to.deep.equal([ALREADY_EXISTS, OK]);
    });
  });

  describe('names and values', () => {
    const deep = (levels: number): Plain => (levels === 0 ? 1 : { m: deep(levels - 1) });
    const refused: Record<string, readonly [path: string, content: Readonly<Record<string, Plain>>]> = {
      'a reserved document ID': ['a/__x__', {}],
      'a reserved collection ID': ['__a__/x', {}],
      'a document ID of a dot': ['a/.', {}],
      'a document ID of two dots': ['a/..', {}],
      'an empty collection ID': ['/a/x', {}],
      'a trailing slash': ['a/x/', {}],
      'the name of a collection': ['a', {}],
      'a document ID of 1,501 bytes': [`a/${'x'.repeat(1_501)}`, {}],
      '101 collections inside each other': [Array(101).fill('a/b').join('/'), {}],
      'a reserved field name': ['a/1', { __x__: 1 }],
      'a reserved field name in a map': ['a/1', { m: { __x__: 1 } }],
      'an empty field name': ['a/1', { '': 1 }],
      'an empty field name in a map': ['a/1', { m: { '': 1 } }],
      'a field name of 1,501 bytes': ['a/1', { ['x'.repeat(1_501)]: 1 }],
      'maps 21 levels deep': ['a/1', { x: deep(21) }],
      'an array in an array': ['a/1', { x: [[1]] }],
      'a value of no type': ['a/1', { x: as.unset() }],
      'a time before the year 1': ['a/1', { x: as.timestamp(-62_135_596_801) }],
      'a time after the year 9999': ['a/1', { x: as.timestamp(253_402_300_800) }],
      'a billion nanoseconds': ['a/1', { x: as.timestamp(1, 1_000_000_000) }],
      'a latitude over 90 degrees': ['a/1', { x: as.point(91, 0) }],
      'a longitude that is no number': ['a/1', { x: as.point(0, Number.NaN) }],
      'a reference to no document': ['a/1', { x: as.reference('nothing') }],
      'a value over 1 MiB': ['a/1', { x: 'x'.repeat(1_048_488) }],
      'a document over 1 MiB': ['a/1', { x: 'x'.repeat(600_000), y: 'y'.repeat(600_000) }],
    };
    for (const [title, [path, content]] of Object.entries(refused)) {
      it(`may not be ${title}`, async () => {
        expect(codeOf(await commit(target().emptyDatabase(), [set(path, content)]))).to.equal(
          INVALID_ARGUMENT,
        );
      });
    }

    const accepted: Record<string, readonly [path: string, content: Readonly<Record<string, Plain>>]> = {
      'a document ID of 1,500 bytes': [`a/${'x'.repeat(1_500)}`, {}],
      'IDs of any characters': ['ä b/é\u0000%.__', {}],
      '100 collections inside each other': [Array(100).fill('a/b').join('/'), {}],
      'field names of any characters': ['a/1', { 'a.b': 1, '`': 2, '\\': 3, __: 4, é: 5, ' ': 6 }],
      'maps 20 levels deep': ['a/1', { x: deep(20) }],
      'a value of 1 MiB less 89 bytes': ['a/1', { x: 'x'.repeat(1_048_487) }],
      'the first and the last second': [
        'a/1',
        { x: [as.timestamp(-62_135_596_800), as.timestamp(253_402_300_799)] },
      ],
      'every type': [
        'a/1',
        {
          x: [null, true, 1, 1.5, -0, Number.NaN, 'x', as.bytes(0, 255), as.point(1, 2), {}],
          y: as.vector(1, 2),
          z: as.reference('projects/other/databases/(default)/documents/a/b'),
        },
      ],
    };
    for (const [title, [path, content]] of Object.entries(accepted)) {
      it(`may be ${title}`, async () => {
        const database = target().emptyDatabase();
        expect(codeOf(await commit(database, [set(path, content)]))).to.equal(OK);
        expect(await read(database, path)).to.deep.equal([fields(content)]);
      });
    }

    it('may be written 1,000 at once', async () => {
      const writes = Array.from({ length: 1_000 }, (_, index) => set(`a/${index}`, {}));
      expect(codeOf(await commit(target().emptyDatabase(), writes))).to.equal(OK);
    });
  });

  describe('masks', () => {
    const before = { a: { b: { c: 1 } }, z: 1 };
    const cases: Record<
      string,
      readonly [
        mask: string[],
        content: Readonly<Record<string, Plain>>,
        after: Readonly<Record<string, Plain>>,
      ]
    > = {
      'replace what they name, and leave the rest': [['a'], { a: 2, z: 5 }, { a: 2, z: 1 }],
      'remove what the write lacks': [['z'], {}, { a: { b: { c: 1 } } }],
      'leave an empty map where its last field was': [['a.b.c'], {}, { a: { b: {} }, z: 1 }],
      'make maps on the way': [['x.y'], { x: { y: 1, k: 2 } }, { ...before, x: { y: 1 } }],
      'make no map on the way to nothing': [['x.y'], {}, before],
      'put a map where a number was': [['z.y'], { z: { y: 1 } }, { ...before, z: { y: 1 } }],
      'leave a number in place of which nothing comes': [['z.y'], {}, before],
      'of no field change nothing': [[], { z: 2 }, before],
      'quote names': [
        ['`q.r`', '`b\\`t`', '`s\\\\`'],
        { 'q.r': 1, 'b`t': 2, 's\\': 3 },
        { ...before, 'q.r': 1, 'b`t': 2, 's\\': 3 },
      ],
    };
    for (const [title, [mask, content, after]] of Object.entries(cases)) {
      it(title, async () => {
        const database = target().emptyDatabase();
        await commit(database, [set('a/1', before)]);
        expect(codeOf(await commit(database, [set('a/1', content, { mask })]))).to.equal(OK);
        expect(await read(database, 'a/1')).to.deep.equal([fields(after)]);
      });
    }

    for (const path of [
      '',
      '.',
      'a.',
      'a..b',
      '`',
      '`a',
      'a`b',
      '`a`b',
      '``',
      '`a\\x`',
      '1a',
      'a-b',
      'é',
      '*',
      'a.__x__',
      '`__x__`',
    ]) {
      it(`may not name ${JSON.stringify(path)}`, async () => {
        const write = set('a/1', {}, { mask: [path] });
        expect(codeOf(await commit(target().emptyDatabase(), [write]))).to.equal(INVALID_ARGUMENT);
      });
    }
  });

  describe('transforms', () => {
    const max = as.integer(2n ** 63n - 1n);
    const min = as.integer(-(2n ** 63n));
    const { NaN: nan } = Number;
    const increment = (by: Plain): object => ({ fieldPath: 'x', increment: value(by) });
    const maximum = (by: Plain): object => ({ fieldPath: 'x', maximum: value(by) });
    const minimum = (by: Plain): object => ({ fieldPath: 'x', minimum: value(by) });
    const append = (...values: Plain[]): object => ({
      fieldPath: 'x',
      appendMissingElements: { values: values.map(value) },
    });
    const removeAll = (...values: Plain[]): object => ({
      fieldPath: 'x',
      removeAllFromArray: { values: values.map(value) },
    });
    const zeros = [0, as.double(0), as.double(-0)];
    const cases: Record<string, readonly [before: Plain | undefined, transform: object, after: Plain]> = {
      'increment nothing': [undefined, increment(2), 2],
      'increment a string': ['x', increment(2), 2],
      'increment an integer': [1, increment(2), 3],
      'increment an integer by a double': [1, increment(as.double(2)), as.double(3)],
      'increment a double by an integer': [1.5, increment(2), 3.5],
      'increment the largest integer': [max, increment(2), max],
      'decrement the smallest integer': [min, increment(-2), min],
      'increment by NaN': [1, increment(nan), nan],
      'increment infinity by its opposite': [Infinity, increment(-Infinity), nan],
      'increment -0 by -0': [-0, increment(-0), -0],
      'take the maximum': [1, maximum(2.5), 2.5],
      'take the maximum of nothing': [undefined, maximum(-1), -1],
      'take the maximum of a string': ['x', maximum(1), 1],
      'keep the stored one of two equal maxima': [5, maximum(as.double(5)), 5],
      'take NaN as the maximum': [5, maximum(nan), nan],
      'keep NaN as the maximum': [nan, maximum(5), nan],
      'take the minimum': [5, minimum(4.5), 4.5],
      'keep the stored one of two equal minima': [as.double(5), minimum(5), as.double(5)],
      'compare an integer and a double exactly': [max, minimum(as.double(2 ** 63)), max],
      'take NaN as the minimum': [5, minimum(nan), nan],
      'append what is missing': [[1, 2, 2], append(2, as.double(2), 3, 3), [1, 2, 2, 3]],
      'append to what is no array': ['x', append(1), [1]],
      'append nothing': [undefined, append(), []],
      'append NaN once': [[nan], append(nan, -0, 0), [nan, -0]],
      'append maps by what they contain': [
        [{ b: 1 }],
        append({ b: as.double(1) }, { b: 2 }),
        [{ b: 1 }, { b: 2 }],
      ],
      'remove all that is equal': [[1, 2, as.double(2), 3, 2], removeAll(2), [1, 3]],
      'remove null and NaN': [[nan, null, 1], removeAll(nan, null), [1]],
      'remove from nothing': [undefined, removeAll(1), []],
      'remove from what is no array': [5, removeAll(1), []],
    };
    for (const [title, [before, operation, after]] of Object.entries(cases)) {
      it(title, async () => {
        const database = target().emptyDatabase();
        await commit(database, [set('a/1', before === undefined ? {} : { x: before })]);
        const { writeResults } = answer(await commit(database, [transform('a/1', operation)]));
        expect(await read(database, 'a/1')).to.deep.equal([fields({ x: after })]);
        const isList = 'appendMissingElements' in operation || 'removeAllFromArray' in operation;
        expect(writeResults[0]?.transformResults).to.deep.equal([value(isList ? null : after)]);
      });
    }

    it('keep the stored one of two zeros', async () => {
      const database = target().emptyDatabase();
      for (const stored of zeros) {
        for (const operand of zeros) {
          await commit(database, [set('a/1', { x: stored })]);
          await commit(database, [transform('a/1', maximum(operand)), transform('a/1', minimum(operand))]);
          expect(await read(database, 'a/1')).to.deep.equal([fields({ x: stored })]);
        }
      }
    });

    it('give one time to a whole commit, in milliseconds', async () => {
      const database = target().emptyDatabase();
      const time = (fieldPath: string): object => ({ fieldPath, setToServerValue: 'REQUEST_TIME' });
      const writes = [transform('a/1', time('x'), time('m.y')), transform('a/2', time('x'))];
      const { writeResults, commitTime } = answer(await commit(database, writes));
      const times = writeResults.flatMap(({ transformResults }) => transformResults) as {
        timestampValue: Time;
      }[];
      const timestampValue = times[0]?.timestampValue;
      expect(times).to.deep.equal(Array(3).fill({ timestampValue }));
      expect((timestampValue?.nanos ?? 1) % 1_000_000).to.equal(0);
      expect(microsOf(timestampValue)).to.be.at.most(microsOf(commitTime));
    });

    it('follow each other on one field, after the fields of the same write', async () => {
      const database = target().emptyDatabase();
      await commit(database, [
        set('a/1', { x: 5 }, { transforms: [increment(2), maximum(100), increment(3)] }),
      ]);
      expect(await read(database, 'a/1')).to.deep.equal([fields({ x: 103 })]);
    });

    it('reach into maps', async () => {
      const database = target().emptyDatabase();
      await commit(database, [set('a/1', { m: { y: 1 }, z: 5 })]);
      const operations = ['m.`q.r`', 'm.y', 'z.k'].map((fieldPath) => ({ ...increment(1), fieldPath }));
      await commit(database, [transform('a/1', ...operations)]);
      expect(await read(database, 'a/1')).to.deep.equal([fields({ m: { y: 2, 'q.r': 1 }, z: { k: 1 } })]);
    });

    it('may come as a write of their own', async () => {
      const database = target().emptyDatabase();
      const write = { transform: { document: database.nameOf('a/1'), fieldTransforms: [increment(1)] } };
      await commit(database, [() => write, () => ({ ...write, currentDocument: { exists: true } })]);
      expect(await read(database, 'a/1')).to.deep.equal([fields({ x: 2 })]);
    });

    const refused: Record<string, readonly object[]> = {
      'increment by a string': [increment('x')],
      'have a maximum with a time': [maximum(as.timestamp(1))],
      'be of no kind': [{ fieldPath: 'x' }],
      'set to no server value': [{ fieldPath: 'x', setToServerValue: 'SERVER_VALUE_UNSPECIFIED' }],
      'concern a field and what is in it': [increment(1), { ...increment(1), fieldPath: 'x.y' }],
      'have a malformed path': [{ ...increment(1), fieldPath: 'x..y' }],
    };
    for (const [title, transforms] of Object.entries(refused)) {
      it(`may not ${title}`, async () => {
        const write = transform('a/1', ...transforms);
        expect(codeOf(await commit(target().emptyDatabase(), [write]))).to.equal(INVALID_ARGUMENT);
      });
    }
  });

  describe('requests', () => {
    it('may not write without saying what', async () => {
      expect(codeOf(await commit(target().emptyDatabase(), [() => ({})]))).to.equal(INVALID_ARGUMENT);
    });

    it('may not delete with a mask or transforms', async () => {
      const database = target().emptyDatabase();
      const name = database.nameOf('a/1');
      const increments = [{ fieldPath: 'x', increment: value(1) }];
      for (const more of [{ updateMask: { fieldPaths: ['x'] } }, { updateTransforms: increments }]) {
        expect(codeOf(await commit(database, [() => ({ delete: name, ...more })]))).to.equal(
          INVALID_ARGUMENT,
        );
      }
    });

    it('may not write to one document twice in a batch', async () => {
      const database = target().emptyDatabase();
      const writes = [set('a/1', {}), set('a/1', {})].map((write) => write(database));
      const outcome = await database.call('BatchWrite', { database: database.name, writes });
      expect(codeOf(outcome)).to.equal(INVALID_ARGUMENT);
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
