/** Queries (google/firestore/v1/query.proto, `StructuredQuery`): what they find, in which order. */
import { parseValue, type Document } from './documents.ts';
import { invalid, unimplemented } from '../grpc-error.ts';
import { DOCUMENT_NAME, isDocumentName, parseFieldPath, project, type FieldPath } from './field-paths.ts';
import {
  fieldOf,
  inequalityFields,
  matches,
  parseFilter,
  type FieldReference,
  type Filter,
  type ParsedFilter,
} from './filters.ts';
import { parseParentName } from './names.ts';
import { isInScope, type Scope } from './scope.ts';
import { compareValues, NULL, type Value } from './values.ts';

interface Cursor {
  readonly values: readonly Value[];
  readonly before?: boolean;
}

export interface StructuredQuery {
  readonly select?: { readonly fields: readonly FieldReference[] } | null;
  readonly from: readonly { readonly collectionId?: string; readonly allDescendants?: boolean }[];
  readonly where?: Filter | null;
  readonly orderBy: readonly { readonly field?: FieldReference | null; readonly direction?: string }[];
  readonly startAt?: Cursor | null;
  readonly endAt?: Cursor | null;
  readonly offset?: number;
  readonly limit?: { readonly value?: number } | null;
  readonly findNearest?: object | null;
}

interface Order {
  readonly path: FieldPath;
  readonly sign: 1 | -1;
}

export class Query {
  readonly scope: Scope;
  readonly #database: string;
  readonly #filter: ParsedFilter;
  readonly #orders: readonly Order[];
  readonly #startAt: Cursor | undefined;
  readonly #endAt: Cursor | undefined;
  readonly #offset: number;
  readonly #limit: number;
  readonly #mask: readonly FieldPath[] | undefined;

  /** @param parentName of the document whose collections are queried. @throws GrpcError */
  constructor(parentName: string | undefined, query: StructuredQuery) {
    const { database, path } = parseParentName(parentName);
    if (query.findNearest) throw unimplemented('StructuredQuery.find_nearest');
    this.#database = database;
    this.scope = parseScope(path, query);
    this.#filter = query.where ? parseFilter(query.where) : { kind: 'and', filters: [] };
    const explicit = parseOrders(query);
    this.#orders = completed(explicit, this.#filter);
    this.#startAt = parseCursor(query.startAt, explicit);
    this.#endAt = parseCursor(query.endAt, explicit);
    this.#offset = atLeastZero('offset', query.offset ?? 0);
    this.#limit = query.limit ? atLeastZero('limit', query.limit.value ?? 0) : Infinity;
    this.#mask = query.select ? parseMask(query.select.fields) : undefined;
  }

  /** Whether the query would find the document if it found everything: without cursors, offset and limit. */
  matches(document: Document): boolean {
    return (
      matches(this.#filter, this.#database, document) &&
      isInScope(this.scope, document.path) &&
      this.#orders.every(({ path }) => fieldOf(this.#database, document, path) !== undefined)
    );
  }

  /** @param documents all in the scope, in the order of their paths. */
  run(documents: Iterable<Document>): Document[] {
    const found = [...documents].filter(
      (document) => this.matches(document) && this.#isWithinCursors(document),
    );
    return found
      .sort((a, b) => this.#compare(a, b))
      .slice(this.#offset, this.#offset + this.#limit)
      .map((document) =>
        this.#mask === undefined ? document : { ...document, fields: project(document.fields, this.#mask) },
      );
  }

  #compare(a: Document, b: Document): number {
    for (const { path, sign } of this.#orders) {
      const difference = compareValues(this.#valueOf(a, path), this.#valueOf(b, path));
      if (difference !== 0) return sign * difference;
    }
    return 0;
  }

  #isWithinCursors(document: Document): boolean {
    const [start, end] = [this.#startAt, this.#endAt];
    if (start !== undefined) {
      const position = this.#compareToCursor(document, start);
      if (position < 0 || (position === 0 && start.before !== true)) return false;
    }
    if (end === undefined) return true;
    const position = this.#compareToCursor(document, end);
    return position < 0 || (position === 0 && end.before !== true);
  }

  /** By as many of the fields that order the results as the cursor has values. */
  #compareToCursor(document: Document, { values }: Cursor): number {
    for (const [index, value] of values.entries()) {
      const order = this.#orders[index];
      if (order === undefined) return 0;
      const difference = compareValues(this.#valueOf(document, order.path), value);
      if (difference !== 0) return order.sign * difference;
    }
    return 0;
  }

  #valueOf(document: Document, path: FieldPath): Value {
    return fieldOf(this.#database, document, path) ?? NULL;
  }
}

function parseScope(parent: string, { from }: StructuredQuery): Scope {
  if (from.length > 1) throw invalid('StructuredQuery.from cannot have more than one collection selector.');
  const { collectionId, allDescendants = false } = from[0] ?? {};
  return { parent, collectionId: collectionId === '' ? undefined : collectionId, allDescendants };
}

function parseOrders({ orderBy }: StructuredQuery): Order[] {
  const orders = orderBy.map(({ field, direction }) => ({
    path: parseFieldPath(field?.fieldPath),
    sign: direction === 'DESCENDING' ? (-1 as const) : (1 as const),
  }));
  const fields = orders.map(({ path }) => path.join('.'));
  const repeated = fields.find((field, index) => fields.indexOf(field) !== index);
  if (repeated !== undefined) throw invalid(`order by clause cannot contain duplicate fields ${repeated}`);
  if (fields.slice(0, -1).includes(DOCUMENT_NAME)) {
    throw invalid('order by clause cannot contain more fields after the key');
  }
  return orders;
}

/** Firestore orders by the fields of inequalities too, and by the name in the end, in the last given direction. */
function completed(explicit: readonly Order[], filter: ParsedFilter): Order[] {
  const sign = explicit.at(-1)?.sign ?? 1;
  if (explicit.some(({ path }) => isDocumentName(path))) return [...explicit];
  const known = new Set(explicit.map(({ path }) => path.join('.')));
  const implied = inequalityFields(filter).filter(
    (path) => !known.has(path.join('.')) && !isDocumentName(path),
  );
  return [...explicit, ...implied.map((path) => ({ path, sign })), { path: [DOCUMENT_NAME], sign }];
}

function parseCursor(cursor: Cursor | null | undefined, orders: readonly Order[]): Cursor | undefined {
  if (!cursor) return undefined;
  if (cursor.values.length > orders.length) throw invalid('Cursor has too many values.');
  const values = cursor.values.map((value, index) => {
    const path = orders[index]?.path ?? [];
    if (isDocumentName(path) && value.valueType !== 'referenceValue') {
      throw invalid('Cursor position for the document name must be a reference.');
    }
    return parseValue(value);
  });
  return { values, before: cursor.before ?? false };
}

function atLeastZero(field: string, value: number): number {
  if (value < 0) throw invalid(`${field} is negative`);
  return value;
}

/** No field means all of them; the name, which is always there, means none. */
function parseMask(fields: readonly FieldReference[]): FieldPath[] | undefined {
  if (fields.length === 0) return undefined;
  return fields.map(({ fieldPath }) => parseFieldPath(fieldPath)).filter((path) => !isDocumentName(path));
}
