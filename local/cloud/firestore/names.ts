/**
 * Names of databases, documents and collections
 * (https://firebase.google.com/docs/firestore/quotas#collections_documents_and_fields). A path is the part of a
 * document's name that follows `projects/{project}/databases/{database}/documents/`.
 */
import { invalid } from '../grpc-error.ts';

const MAX_ID_BYTES = 1_500;
const MAX_NAME_BYTES = 6 * 1_024;
/** Collections inside each other. */
const MAX_LEVELS = 100;

export interface ResourceName {
  /** `projects/{project}/databases/{database}` */
  readonly database: string;
  readonly path: string;
}

export const nameOf = (database: string, path: string): string => `${database}/documents/${path}`;

const NAME = /^(projects\/[^/]+\/databases\/[^/]+)(?:\/documents(?:\/(.*))?)?$/su;

/** @param name as in `Commit` and `BatchGetDocuments`. @throws GrpcError INVALID_ARGUMENT */
export function parseDatabaseName(name = ''): string {
  const { database } = parseName('Database name', name);
  if (database !== name) throw invalid(`Database name "${name}" has invalid trailing segments.`);
  return name;
}

/** @param kind what the message of the error begins with. @throws GrpcError INVALID_ARGUMENT */
export function parseDocumentName(name = '', kind = 'Document name'): ResourceName {
  const resource = parseName(kind, name);
  if (resource.path === '') throw invalid(`${kind} "${name}" lacks "/" at index ${name.length}.`);
  return resource;
}

/** @param name of a document that must be in the database. @returns its path. @throws GrpcError INVALID_ARGUMENT */
export function pathIn(database: string, name = ''): string {
  const resource = parseDocumentName(name);
  if (resource.database === database) return resource.path;
  throw invalid(`Document name "${name}" is not in database "${database}".`);
}

/** @param name of a document, or the prefix of all documents: then the path is empty. @throws GrpcError */
export function parseParentName(name = ''): ResourceName {
  const resource = parseName('Document parent name', name);
  if (resource.database !== name) return resource;
  throw invalid(`Document parent name "${name}" lacks "/documents" at index ${name.length}.`);
}

function parseName(kind: string, name: string): ResourceName {
  const [, database, path] = NAME.exec(name) ?? [];
  if (database === undefined) {
    throw invalid(`${kind} "${name}" does not begin with "projects/{project}/databases/{database}".`);
  }
  if (path !== undefined) checkPath(kind, name, path.split('/'));
  return { database, path: path ?? '' };
}

function checkPath(kind: string, name: string, segments: readonly string[]): void {
  const isDocument = segments.length % 2 === 0;
  if (!isDocument && segments.length > 1 && segments.at(-1) === '') {
    throw invalid(`${kind} "${name}" has invalid trailing "/".`);
  }
  for (const [position, id] of segments.entries()) {
    checkId(`${kind} "${name}"`, position % 2 === 0 ? 'Collection' : 'Resource', id);
  }
  if (!isDocument) throw invalid(`${kind} "${name}" lacks "/" at index ${name.length}.`);
  if (segments.length > 2 * MAX_LEVELS) {
    throw invalid(`Key path is too long. Cannot exceed ${MAX_LEVELS} elements.`);
  }
  if (Buffer.byteLength(name) > MAX_NAME_BYTES) {
    throw invalid(`${kind} is longer than ${MAX_NAME_BYTES} bytes.`);
  }
}

function checkId(name: string, kind: string, id: string): void {
  if (id === '') throw invalid(`${name} lacks a ${kind.toLowerCase()} id.`);
  if (id === '.' || id === '..') throw invalid(`${name} contains a ${kind.toLowerCase()} id "${id}".`);
  if (isReserved(id)) throw invalid(`${kind} id "${id}" is invalid because it is reserved.`);
  if (Buffer.byteLength(id) > MAX_ID_BYTES) {
    throw invalid(`The key path element name is longer than ${MAX_ID_BYTES} bytes.`);
  }
}

/** Whether Firestore keeps the ID or field name for itself. */
export function isReserved(name: string): boolean {
  return /^__.*__$/su.test(name);
}

/** The path of the collection that holds a document. */
export function collectionOf(path: string): string {
  return path.slice(0, path.lastIndexOf('/'));
}

/** The last segment of a path: a collection's or a document's ID. */
export function idOf(path: string): string {
  return path.slice(path.lastIndexOf('/') + 1);
}
