import { expect } from 'chai';
import { status } from '@grpc/grpc-js';
import { onEachFirestore, type Time } from '../support/firestore-targets.ts';
import {
  answer,
  as,
  codeOf,
  commit,
  fields,
  read,
  set,
  transform,
  value,
  type Plain,
  microsOf,
} from '../support/firestore-requests.ts';

onEachFirestore('transforms of Firestore', (target) => {
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
        expect(codeOf(await commit(target().emptyDatabase(), [write]))).to.equal(status.INVALID_ARGUMENT);
      });
    }
  });
});
