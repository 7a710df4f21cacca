/** Short forms of Firestore's values and requests, for tests that send them as they are. */
import type { FirestoreTarget, Message, Outcome, TestDatabase, Time } from './firestore-targets.ts';

/** Values that plain JavaScript has no word for. */
export const as = {
  double: (doubleValue: number) => new Raw({ doubleValue }),
  integer: (value: bigint) => new Raw({ integerValue: `${value}` }),
  timestamp: (seconds: number, nanos = 0) => new Raw({ timestampValue: { seconds: `${seconds}`, nanos } }),
  bytes: (...bytes: number[]) => new Raw({ bytesValue: Buffer.from(bytes) }),
  reference: (referenceValue: string) => new Raw({ referenceValue }),
  point: (latitude: number, longitude: number) => new Raw({ geoPointValue: { latitude, longitude } }),
  unset: () => new Raw({}),
};

class Raw {
  readonly message: object;

  constructor(message: object) {
    this.message = message;
  }
}

/** A whole number is an integer; every other number a double. */
export type Plain =
  null | boolean | number | string | Raw | readonly Plain[] | { readonly [name: string]: Plain };

export function value(plain: Plain): object {
  if (plain instanceof Raw) return plain.message;
  if (plain === null) return { nullValue: 'NULL_VALUE' };
  if (typeof plain === 'boolean') return { booleanValue: plain };
  if (typeof plain === 'string') return { stringValue: plain };
  if (typeof plain === 'number') {
    return Number.isSafeInteger(plain) && !Object.is(plain, -0)
      ? { integerValue: `${plain}` }
      : { doubleValue: plain };
  }
  if (Array.isArray(plain)) return { arrayValue: { values: (plain as Plain[]).map(value) } };
  return { mapValue: { fields: fields(plain as Readonly<Record<string, Plain>>) } };
}

export function fields(plain: Readonly<Record<string, Plain>>): object {
  return Object.fromEntries(Object.entries(plain).map(([name, inner]) => [name, value(inner)]));
}

/** A request to change `path`, whichever database it is sent to. */
export type Write = (database: TestDatabase) => object;

export interface WriteOptions {
  /** Paths of fields; without them, the whole document is replaced. */
  readonly mask?: readonly string[];
  readonly transforms?: readonly object[];
  readonly exists?: boolean;
  readonly updateTime?: object;
}

export function set(
  path: string,
  content: Readonly<Record<string, Plain>>,
  options: WriteOptions = {},
): Write {
  const { mask, transforms, ...precondition } = options;
  return (database) => ({
    update: { name: database.nameOf(path), fields: fields(content) },
    updateMask: mask && { fieldPaths: mask },
    updateTransforms: transforms,
    currentDocument: conditionOf(precondition),
  });
}

export function remove(path: string, precondition: Pick<WriteOptions, 'exists' | 'updateTime'> = {}): Write {
  return (database) => ({ delete: database.nameOf(path), currentDocument: conditionOf(precondition) });
}

/** Transforms fields and leaves the others as they are. */
export function transform(path: string, ...transforms: object[]): Write {
  return set(path, {}, { mask: [], transforms });
}

function conditionOf(precondition: Pick<WriteOptions, 'exists' | 'updateTime'>): object | undefined {
  return Object.keys(precondition).length > 0 ? precondition : undefined;
}

export function commit(
  database: TestDatabase,
  writes: readonly Write[],
  transaction?: Buffer,
): Promise<Outcome> {
  return database.call('Commit', {
    database: database.name,
    writes: writes.map((write) => write(database)),
    transaction,
  });
}

/** The fields of the documents, undefined for each that does not exist. */
export async function read(database: TestDatabase, ...paths: string[]): Promise<(object | undefined)[]> {
  const documents = paths.map((path) => database.nameOf(path));
  const found = messages(await database.call('BatchGetDocuments', { database: database.name, documents }));
  return documents.map((name) => found.find((each) => each.found?.name === name)?.found?.fields);
}

/** Paths of the documents that a query finds, or the code that it is refused with. */
export async function find(
  database: TestDatabase,
  structuredQuery: object,
  parent = '',
): Promise<string[] | number> {
  const outcome = await database.call('RunQuery', {
    parent: parent === '' ? `${database.name}/documents` : database.nameOf(parent),
    structuredQuery,
  });
  if ('code' in outcome) return outcome.code;
  const prefix = database.nameOf('').length;
  return outcome.messages.flatMap(({ document }) => (document ? [document.name.slice(prefix)] : []));
}

export const codeOf = (outcome: Outcome): number => ('code' in outcome ? outcome.code : 0);

/** The first message of the answer. @throws Error when the call was refused. */
export function answer(outcome: Outcome): Message {
  const [first] = messages(outcome);
  if (first === undefined) throw new Error('The answer was empty.');
  return first;
}

/** @throws Error when the call was refused. */
export function messages(outcome: Outcome): readonly Message[] {
  if ('code' in outcome) throw new Error(`Refused with code ${outcome.code}: ${outcome.details}`);
  return outcome.messages;
}

export const where = (fieldPath: string, op: string, operand: Plain): object => ({
  fieldFilter: { field: { fieldPath }, op, value: value(operand) },
});

export const unary = (fieldPath: string, op: string): object => ({
  unaryFilter: { field: { fieldPath }, op },
});

export const and = (...filters: object[]): object => ({ compositeFilter: { op: 'AND', filters } });

export const or = (...filters: object[]): object => ({ compositeFilter: { op: 'OR', filters } });

export const ascending = (fieldPath: string): object => ({ field: { fieldPath }, direction: 'ASCENDING' });

export const descending = (fieldPath: string): object => ({ field: { fieldPath }, direction: 'DESCENDING' });

/** Since 1970. */
export function microsOf(time: Time | null | undefined): number {
  return Number(time?.seconds) * 1e6 + Number(time?.nanos) / 1e3;
}

/** @param documents their fields by their paths. */
export async function databaseWith(
  target: FirestoreTarget,
  documents: Readonly<Record<string, Readonly<Record<string, Plain>>>>,
): Promise<TestDatabase> {
  const database = target.emptyDatabase();
  const writes = Object.entries(documents).map(([path, content]) => set(path, content));
  messages(await commit(database, writes));
  return database;
}
