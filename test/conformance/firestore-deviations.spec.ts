/**
 * Where Google's emulator differs from what Google documents. The embedded Firestore follows the documentation; each
 * entry names it. The tests show both, so that an entry goes when a release of the emulator no longer needs it.
 */
import { expect } from 'chai';
import { status } from '@grpc/grpc-js';
import { describeEmulator, describeTarget } from '../support/describe-target.ts';
import { embeddedFirestore, googleEmulator, type TestDatabase } from '../support/firestore-targets.ts';
import {
  answer,
  codeOf,
  commit,
  descending,
  find,
  set,
  transform,
  value,
  where,
  type Plain,
} from '../support/firestore-requests.ts';

interface Deviation {
  readonly title: string;
  /** Where Google documents it. */
  readonly source: string;
  readonly run: (database: TestDatabase) => Promise<unknown>;
  readonly documented: unknown;
  readonly emulator: unknown;
}

const QUOTAS = 'https://firebase.google.com/docs/firestore/quotas#collections_documents_and_fields';
const PROTOS = 'https://github.com/googleapis/googleapis/blob/master/google/firestore/v1';

const write =
  (path: string, content: Readonly<Record<string, Plain>> = {}) =>
  async (database: TestDatabase) =>
    codeOf(await commit(database, [set(path, content)]));

async function isHeldUp(database: TestDatabase, transaction: Buffer): Promise<boolean> {
  let isWritten = false;
  const written = commit(database, [set('a/1', { n: 2 })]).then(() => (isWritten = true));
  for (let times = 0; times < 10; times++) await find(database, { from: [{ collectionId: 'b' }] });
  const result = !isWritten;
  await database.call('Rollback', { database: database.name, transaction });
  await written;
  return result;
}

const deviations: readonly Deviation[] = [
  {
    title: 'a document’s name may have more than 6 KiB',
    source: QUOTAS,
    run: write(
      Array(8)
        .fill(`a/${'x'.repeat(1_000)}`)
        .join('/'),
    ),
    documented: status.INVALID_ARGUMENT,
    emulator: status.OK,
  },
  {
    title: 'a field may be named with four underscores',
    source: QUOTAS,
    run: write('a/1', { ____: 1 }),
    documented: status.INVALID_ARGUMENT,
    emulator: status.OK,
  },
  {
    title: 'documents may be written by the numeric IDs of imported entities',
    source: QUOTAS,
    run: write('a/__id1__'),
    documented: status.INVALID_ARGUMENT,
    emulator: status.OK,
  },
  {
    title: 'arrays can be appended to arrays',
    source: `${PROTOS}/document.proto (Value.array_value cannot directly contain another array value)`,
    run: async (database) => {
      const appendMissingElements = { values: [value([1])] };
      return codeOf(await commit(database, [transform('a/1', { fieldPath: 'x', appendMissingElements })]));
    },
    documented: status.INVALID_ARGUMENT,
    emulator: status.OK,
  },
  {
    title: 'a commit may write to a database that it does not name',
    source: `${PROTOS}/firestore.proto (CommitRequest.database, Write)`,
    run: async (database) => {
      const update = { name: 'projects/other/databases/(default)/documents/a/1', fields: {} };
      return codeOf(await commit(database, [() => ({ update })]));
    },
    documented: status.INVALID_ARGUMENT,
    emulator: status.OK,
  },
  {
    title: 'nothing comes in the descending order of names',
    source: 'https://firebase.google.com/docs/firestore/query-data/order-limit-data',
    run: async (database) => {
      await commit(database, [set('a/1', {}), set('a/2', {})]);
      return find(database, { from: [{ collectionId: 'a' }], orderBy: [descending('__name__')] });
    },
    documented: ['a/2', 'a/1'],
    emulator: 9,
  },
  {
    title: 'a projection to no field selects no field',
    source: `${PROTOS}/query.proto (StructuredQuery.Projection: if empty, all fields are returned)`,
    run: async (database) => {
      await commit(database, [set('a/1', { n: 1 })]);
      const structuredQuery = { from: [{ collectionId: 'a' }], select: { fields: [] } };
      const request = { parent: `${database.name}/documents`, structuredQuery };
      return Object.keys(answer(await database.call('RunQuery', request)).document?.fields ?? {});
    },
    documented: ['n'],
    emulator: [],
  },
  {
    title: 'a query in a transaction locks the whole collection, not what it could find',
    source: 'https://firebase.google.com/docs/firestore/transaction-data-contention',
    run: async (database) => {
      const structuredQuery = { from: [{ collectionId: 'a' }], where: where('n', 'EQUAL', 1) };
      const request = {
        parent: `${database.name}/documents`,
        structuredQuery,
        newTransaction: { readWrite: {} },
      };
      const { transaction } = answer(await database.call('RunQuery', request));
      return isHeldUp(database, transaction);
    },
    documented: false,
    emulator: true,
  },
  {
    title: 'a commit without writes has no time',
    source: `${PROTOS}/firestore.proto (CommitResponse.commit_time)`,
    run: async (database) => answer(await commit(database, [])).commitTime !== null,
    documented: true,
    emulator: false,
  },
];

describe('differences between Google’s emulator and Google’s documentation', () => {
  describeTarget('as documented: embedded', embeddedFirestore, (target) => {
    for (const { title, run, documented } of deviations) {
      it(`not so: ${title}`, async () =>
        expect(await run(target().emptyDatabase())).to.deep.equal(documented));
    }
  });

  describeEmulator('as it is', googleEmulator, (target) => {
    for (const { title, run, emulator } of deviations) {
      it(title, async () => expect(await run(target().emptyDatabase())).to.deep.equal(emulator));
    }
  });
});
