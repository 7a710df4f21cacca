/** The methods of google.firestore.v1.Firestore that this serves, from decoded request to what is to be encoded. */
import type { CommitResult } from './committer.ts';
import type { Answer, Database, Reading } from './database.ts';
import type { Document } from './documents.ts';
import { GrpcError, invalid, unimplemented } from '../grpc-error.ts';
import { isDocumentName, parseFieldPath, project, type FieldPath } from './field-paths.ts';
import { nameOf, parseDatabaseName, parseParentName, pathIn } from './names.ts';
import type {
  AggregationRequest,
  BatchGetRequest,
  BeginRequest,
  CommitRequest,
  ListRequest,
  Mask,
  OfDatabase,
  Page,
  QueryRequest,
  RollbackRequest,
} from './requests.ts';
import type { Store } from './store.ts';
import { toTimestamp } from './times.ts';
import type { Fields, Timestamp } from './values.ts';
import type { WriteResult } from './writes.ts';

/** A document as the service definition has it. One that is missing has nothing but its name. */
interface NamedDocument {
  readonly name: string;
  readonly fields?: Fields;
  readonly createTime?: Timestamp;
  readonly updateTime?: Timestamp;
}

/** Each method by its name. Those that answer with a list answer with a stream. */
export const methods = {
  Commit: commit,
  BatchWrite: batchWrite,
  BeginTransaction: beginTransaction,
  Rollback: rollback,
  BatchGetDocuments: batchGetDocuments,
  RunQuery: runQuery,
  RunAggregationQuery: runAggregationQuery,
  ListDocuments: listDocuments,
  ListCollectionIds: listCollectionIds,
};

function commit(store: Store, request: CommitRequest): Promise<CommitResult> {
  return databaseOf(store, request).commit(request.writes, request.transaction);
}

async function batchWrite(store: Store, request: CommitRequest) {
  const results = await databaseOf(store, request).batchWrite(request.writes);
  return { writeResults: results.map(resultOf), status: results.map(statusOf) };
}

function beginTransaction(store: Store, request: BeginRequest) {
  return { transaction: databaseOf(store, request).begin(request.options ?? {}) };
}

function rollback(store: Store, request: RollbackRequest) {
  databaseOf(store, request).rollback(request.transaction ?? new Uint8Array());
  return {};
}

function batchGetDocuments(store: Store, request: BatchGetRequest) {
  const database = databaseOf(store, request);
  const paths = [...new Set(request.documents.map((name) => pathIn(database.name, name)))];
  const mask = parseDocumentMask(request.mask);
  const { documents, transaction, readTime } = database.get(paths, request);
  const answers = documents.map((document, index) =>
    document === undefined
      ? { missing: nameOf(database.name, paths[index] ?? ''), readTime }
      : { found: named(database.name, document, mask), readTime },
  );
  return [...begun(transaction), ...answers];
}

function runQuery(store: Store, { parent, structuredQuery, explainOptions, ...reading }: QueryRequest) {
  if (explainOptions) throw unimplemented('RunQueryRequest.explain_options');
  if (structuredQuery === undefined) throw invalid('RunQueryRequest lacks a structured_query.');
  const { database } = parentOf(store, parent);
  const { documents, transaction, readTime } = database.runQuery(parent, structuredQuery, reading);
  const answers = documents.map((document) => ({ document: named(database.name, document), readTime }));
  const last = { ...(answers.pop() ?? { readTime }), done: true };
  return [...begun(transaction), ...answers, last];
}

function runAggregationQuery(store: Store, request: AggregationRequest) {
  const { parent, structuredAggregationQuery: query, explainOptions, ...reading } = request;
  if (explainOptions) throw unimplemented('RunAggregationQueryRequest.explain_options');
  if (query === undefined) throw invalid('RunAggregationQueryRequest lacks a structured_aggregation_query.');
  const { database } = parentOf(store, parent);
  const { aggregateFields, transaction, readTime } = database.runAggregationQuery(parent, query, reading);
  return [...begun(transaction), { result: { aggregateFields }, readTime }];
}

function listDocuments(store: Store, request: ListRequest) {
  if (request.orderBy) throw unimplemented('ListDocumentsRequest.order_by');
  const { database, path } = parentOf(store, request.parent);
  const mask = parseDocumentMask(request.mask);
  const listed = database
    .list(path, request.collectionId, request)
    .filter(([, document]) => document !== undefined || request.showMissing === true);
  const { page, nextPageToken } = pageOf(request, listed, ([key]) => key);
  const documents = page.map(([key, document]): NamedDocument =>
    document === undefined ? { name: nameOf(database.name, key) } : named(database.name, document, mask),
  );
  return { documents, nextPageToken };
}

function listCollectionIds(store: Store, request: Page & Reading) {
  const { database, path } = parentOf(store, request.parent);
  const { page, nextPageToken } = pageOf(request, database.collectionIds(path, request), (id) => id);
  return { collectionIds: page, nextPageToken };
}

function databaseOf(store: Store, { database }: OfDatabase): Database {
  return store.database(parseDatabaseName(database));
}

function parentOf(store: Store, parent: string | undefined): { database: Database; path: string } {
  const { database, path } = parseParentName(parent);
  return { database: store.database(database), path };
}

/** Without a mask, all fields; the document's name is no field. */
function parseDocumentMask(mask: Mask | null | undefined): FieldPath[] | undefined {
  return mask?.fieldPaths.map(parseFieldPath).filter((path) => !isDocumentName(path));
}

function named(database: string, document: Document, mask?: readonly FieldPath[]): NamedDocument {
  const { path, fields, createTime, updateTime } = document;
  return {
    name: nameOf(database, path),
    fields: mask === undefined ? fields : project(fields, mask),
    createTime: toTimestamp(createTime),
    updateTime: toTimestamp(updateTime),
  };
}

/** A transaction that the request began comes alone, before everything else. */
function begun(transaction: Answer['transaction']): { transaction: Uint8Array }[] {
  return transaction === undefined ? [] : [{ transaction }];
}

function resultOf(result: WriteResult | GrpcError): WriteResult {
  return result instanceof GrpcError ? { transformResults: [] } : result;
}

function statusOf(result: WriteResult | GrpcError): { code?: number; message?: string } {
  return result instanceof GrpcError ? { code: result.code, message: result.message } : {};
}

/** The page's token is the key of the last item on the page before. */
function pageOf<Item>(
  { pageSize = 0, pageToken = '' }: Page,
  items: readonly Item[],
  keyOf: (item: Item) => string,
): { page: readonly Item[]; nextPageToken: string } {
  const start = pageToken === '' ? 0 : items.findIndex((item) => keyOf(item) === pageToken) + 1;
  const rest = items.slice(start);
  const page = pageSize > 0 ? rest.slice(0, pageSize) : rest;
  const last = page.at(-1);
  return { page, nextPageToken: last !== undefined && page.length < rest.length ? keyOf(last) : '' };
}
