/**
 * Random interleavings of two transactions and writes outside of them. The embedded core plays them first, without a
 * network, which shows at once which commits wait. Another server should then come to the same results.
 */
import { setImmediate } from 'node:timers/promises';
import fc from 'fast-check';
import type { Database } from '../../local/cloud/firestore/database.ts';
import type { GrpcError } from '../../local/cloud/grpc-error.ts';
import { Store } from '../../local/cloud/firestore/store.ts';
import type { Write } from '../../local/cloud/firestore/writes.ts';
import { answer, codeOf, find, messages, transform, value } from './firestore-requests.ts';
import type { Outcome, TestDatabase } from './firestore-targets.ts';
import { VirtualClock } from './virtual-clock.ts';

/** The one outside of transactions is there to write alone. */
type Actor = 'first' | 'second' | 'outside';

export interface Action {
  readonly actor: Actor;
  readonly kind: 'read' | 'query' | 'commit' | 'rollback';
  /** Of the documents to read or write. */
  readonly paths: readonly string[];
}

/** An action as it was played. */
interface Played extends Action {
  /** The call is answered later, once another transaction has ended. */
  readonly waits: boolean;
}

export interface Expectation {
  readonly played: readonly Played[];
  /** What each of the played actions came to. */
  readonly results: readonly unknown[];
  /** How often each document was written. */
  readonly counts: readonly number[];
}

const all = ['a/1', 'a/2', 'b/1'];
/** One document more often than the others. */
const path = fc.constantFrom('a/1', 'a/1', ...all);

export const interleaving: fc.Arbitrary<readonly Action[]> = fc.array(
  fc.oneof(
    {
      weight: 12,
      arbitrary: fc.record({
        actor: fc.constantFrom<Actor>('first', 'second'),
        kind: fc.constantFrom<Action['kind']>(
          'read',
          'read',
          'read',
          'read',
          'query',
          'commit',
          'commit',
          'rollback',
        ),
        paths: fc.uniqueArray(path, { minLength: 1, maxLength: 2 }),
      }),
    },
    fc.record({
      actor: fc.constant<Actor>('outside'),
      kind: fc.constant<Action['kind']>('commit'),
      paths: fc.tuple(path),
    }),
  ),
  { minLength: 4, maxLength: 14 },
);

const increment = { fieldPath: 'n', increment: value(1) };

/** Plays what can be played of the actions: not of who has ended or waits, and nothing after which two would wait. */
export async function expectationOf(actions: readonly Action[]): Promise<Expectation> {
  const database = new Store(new VirtualClock()).database('projects/demo/databases/(default)');
  const transactions = { first: database.begin({}), second: database.begin({}) };
  const [ended, waiting] = [new Set<Actor>(), new Set<Actor>()];
  const played: Played[] = [];
  const results: Promise<unknown>[] = [];
  const end = (['first', 'second'] as const).map((actor): Action => ({ actor, kind: 'rollback', paths: [] }));
  for (const action of [...actions, ...end]) {
    const { actor } = action;
    if (ended.has(actor) || waiting.has(actor)) continue;
    // In the emulator, a query waits behind a commit that waits to write to the collection.
    if (waiting.size > 0 && (actor === 'outside' || action.kind === 'query')) continue;
    const possible: Action =
      waiting.has('outside') && action.kind === 'commit' ? { ...action, kind: 'rollback' } : action;
    waiting.add(actor);
    results.push(playOnCore(database, transactions, possible).finally(() => waiting.delete(actor)));
    await setImmediate();
    if (actor !== 'outside' && ['commit', 'rollback'].includes(possible.kind)) ended.add(actor);
    played.push({ ...possible, waits: waiting.has(actor) });
  }
  return {
    played,
    results: await Promise.all(results),
    counts: database.get(all, {}).documents.map(countIn),
  };
}

async function playOnCore(
  database: Database,
  transactions: Readonly<Record<string, Uint8Array>>,
  { actor, kind, paths }: Action,
): Promise<unknown> {
  const transaction = transactions[actor] ?? new Uint8Array();
  if (kind === 'rollback') database.rollback(transaction);
  if (kind === 'read') return database.get(paths, { transaction }).documents.map(countIn);
  if (kind === 'query') {
    const parent = `${database.name}/documents`;
    return database.runQuery(parent, allOf('a'), { transaction }).documents.map(({ path }) => path);
  }
  if (kind !== 'commit') return 0;
  const writes: Write[] = paths.map((path) => ({
    update: { name: `${database.name}/documents/${path}`, fields: {} },
    updateMask: { fieldPaths: [] },
    updateTransforms: [{ fieldPath: 'n', increment: { valueType: 'integerValue', integerValue: '1' } }],
  }));
  return database.commit(writes, actor === 'outside' ? undefined : transaction).then(
    () => 0,
    (error: unknown) => (error as GrpcError).code,
  );
}

const allOf = (collectionId: string) => ({ from: [{ collectionId }], orderBy: [] });

/** In ms, a little less than the emulator lets a commit wait. */
const LOCK_TIMEOUT = 1_900;

/**
 * Plays the same on a server.
 * @returns what it came to; undefined when the server was so slow that a commit that would not have had to was aborted.
 */
export async function playInterleaving(
  database: TestDatabase,
  expectation: Expectation,
): Promise<Omit<Expectation, 'played'> | undefined> {
  const transactions = { first: await beginOn(database), second: await beginOn(database) };
  const results: Promise<unknown>[] = [];
  const waits: Promise<number>[] = [];
  for (const [index, action] of expectation.played.entries()) {
    const start = performance.now();
    const result = playOnServer(database, transactions, action);
    results.push(result);
    if (!action.waits) await result;
    else await isWaitingAt(database);
    if (action.waits && expectation.results[index] === 0)
      waits.push(result.then(() => performance.now() - start));
  }
  const answers = { results: await Promise.all(results), counts: await countsOn(database, all) };
  const isTooSlow = Math.max(...(await Promise.all(waits))) > LOCK_TIMEOUT;
  return isTooSlow ? undefined : answers;
}

/** Gives the server time to see that a commit has to wait. */
async function isWaitingAt(database: TestDatabase): Promise<void> {
  for (let times = 0; times < 3; times++) await find(database, { from: [{ collectionId: 'elsewhere' }] });
}

async function beginOn(database: TestDatabase): Promise<Buffer> {
  return answer(await database.call('BeginTransaction', { database: database.name })).transaction;
}

async function playOnServer(
  database: TestDatabase,
  transactions: Readonly<Record<string, Buffer>>,
  { actor, kind, paths }: Action,
): Promise<unknown> {
  const transaction = transactions[actor];
  if (kind === 'read') return countsOn(database, paths, transaction);
  if (kind === 'query') {
    const request = { parent: `${database.name}/documents`, structuredQuery: allOf('a'), transaction };
    const prefix = database.nameOf('').length;
    return messages(await database.call('RunQuery', request)).flatMap(({ document }) =>
      document ? [document.name.slice(prefix)] : [],
    );
  }
  if (kind === 'rollback')
    return codeOf(await database.call('Rollback', { database: database.name, transaction }));
  const writes = paths.map((path) => transform(path, increment)(database));
  return codeOf(await database.call('Commit', { database: database.name, writes, transaction }));
}

async function countsOn(
  database: TestDatabase,
  paths: readonly string[],
  transaction?: Buffer,
): Promise<number[]> {
  const documents = paths.map((path) => database.nameOf(path));
  const outcome: Outcome = await database.call('BatchGetDocuments', {
    database: database.name,
    documents,
    transaction,
  });
  const found = messages(outcome);
  return documents.map((name) => countIn(found.find((message) => message.found?.name === name)?.found));
}

function countIn(document: { readonly fields: object } | undefined): number {
  const { n } = (document?.fields ?? {}) as { n?: { integerValue: string } };
  return Number(n?.integerValue ?? 0);
}
