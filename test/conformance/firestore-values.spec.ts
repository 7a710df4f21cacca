import { expect } from 'chai';
import { status } from '@grpc/grpc-js';
import { onEachFirestore } from '../support/firestore-targets.ts';
import { as, codeOf, commit, fields, read, set, type Plain } from '../support/firestore-requests.ts';

onEachFirestore('what Firestore stores', (target) => {
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
      'a reference to no document': ['a/1', { x: as.reference('nothing') }],
      'a value over 1 MiB': ['a/1', { x: 'x'.repeat(1_048_488) }],
      'a document over 1 MiB': ['a/1', { x: 'x'.repeat(600_000), y: 'y'.repeat(600_000) }],
    };
    for (const [title, [path, content]] of Object.entries(refused)) {
      it(`may not be ${title}`, async () => {
        expect(codeOf(await commit(target().emptyDatabase(), [set(path, content)]))).to.equal(
          status.INVALID_ARGUMENT,
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
          z: as.reference('projects/other/databases/(default)/documents/a/b'),
        },
      ],
    };
    for (const [title, [path, content]] of Object.entries(accepted)) {
      it(`may be ${title}`, async () => {
        const database = target().emptyDatabase();
        expect(codeOf(await commit(database, [set(path, content)]))).to.equal(status.OK);
        expect(await read(database, path)).to.deep.equal([fields(content)]);
      });
    }

    it('may be written 1,000 at once', async () => {
      const writes = Array.from({ length: 1_000 }, (_, index) => set(`a/${index}`, {}));
      expect(codeOf(await commit(target().emptyDatabase(), writes))).to.equal(status.OK);
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
        expect(codeOf(await commit(database, [set('a/1', content, { mask })]))).to.equal(status.OK);
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
        expect(codeOf(await commit(target().emptyDatabase(), [write]))).to.equal(status.INVALID_ARGUMENT);
      });
    }
  });
});
