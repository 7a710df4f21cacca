/**
 * Names of databases, documents and collections
 * (https://firebase.google.com/docs/firestore/quotas#collections_documents_and_fields). A path is the part of a
 * document's name that follows `projects/{project}/databases/{database}/documents/`.
 */
import { invalid } from './errors.ts';

const MAX_ID_BYTES = 1_500;
const MAX_NAME_BYTES = 6 * 1_024;
/** Collections inside each other. */
const MAX_LEVELS = 100;

export interface ResourceName {
  /** `projects/{project}/databases/{database}` */
  readonly database: string;
  readonly path: string;
}

/** The prefix of all documents of a database. */
const documentsOf = (database: string): string => `${database}/documents`;

export const nameOf = (database: string, path: string): string => `${documentsOf(database)}/${path}`;

/** @param name as in `Commit` and `BatchGetDocuments`. @throws FirestoreError INVALID_ARGUMENT */
export function parseDatabaseName(name = ''): string {
  const [, rest] = split('Database name', name);
  if (rest.length > 0) throw invalid(`Database name "${name}" has invalid trailing segments.`);
  return name;
}

/** @param kind what the message of the error begins with. @throws FirestoreError INVALID_ARGUMENT */
export function parseDocumentName(name = '', kind = 'Document name'): ResourceName {
  const resource = parseName(kind, name);
  if (resource.path === '') throw invalid(`${kind} "${name}" lacks "/" at index ${name.length}.`);
  return resource;
}

/** @param name of a document, or the prefix of all documents: then the path is empty. @throws FirestoreError */
export function parseParentName(name = ''): ResourceName {
  return parseName('Document parent name', name);
}

function parseName(kind: string, name: string): ResourceName {
  const [database, rest] = split(kind, name);
  if (rest[0] !== 'documents') throw invalid(`${kind} "${name}" lacks "/" at index ${database.length}.`);
  const segments = rest.slice(1);
  if (segments.length > 0) checkSegments(kind, name, segments, nameOf(database, '').length);
  return { database, path: segments.join('/') };
}

/** The name of the database that a name begins with, and the segments after it. */
function split(kind: string, name: string): [database: string, rest: string[]] {
  const segments = name.split('/');
  const expected = ['projects', undefined, 'databases', undefined];
  let index = 0;
  for (const [position, literal] of expected.entries()) {
    const segment = segments[position];
    if (segment === undefined) throw invalid(`${kind} "${name}" lacks "/" at index ${name.length}.`);
    if (literal !== undefined && segment !== literal) {
      throw invalid(`${kind} "${name}" lacks "${literal}" at index ${index}.`);
    }
    if (segment === '') throw invalid(`${kind} "${name}" lacks an ID at index ${index}.`);
    index += segment.length + 1;
  }
  return [segments.slice(0, expected.length).join('/'), segments.slice(expected.length)];
}

function checkSegments(kind: string, name: string, segments: readonly string[], start: number): void {
  if (segments.length > 1 && segments.at(-1) === '' && segments.length % 2 === 1) {
    throw invalid(`${kind} "${name}" has invalid trailing "/".`);
  }
  let index = start;
  for (const [position, segment] of segments.entries()) {
    const what = position % 2 === 0 ? 'collection' : 'resource';
    if (segment === '') throw invalid(`${kind} "${name}" lacks a ${what} id at index ${index}.`);
    checkId(kind, name, what, segment, index);
    index += segment.length + 1;
  }
  if (segments.length % 2 === 1) throw invalid(`${kind} "${name}" lacks "/" at index ${name.length}.`);
  if (segments.length > 2 * MAX_LEVELS) {
    throw invalid(`Key path is too long. Cannot exceed ${MAX_LEVELS} elements.`);
  }
  if (Buffer.byteLength(name) > MAX_NAME_BYTES) {
    throw invalid(`${kind} is longer than ${MAX_NAME_BYTES} bytes.`);
  }
}

function checkId(kind: string, name: string, what: string, id: string, index: number): void {
  if (id === '.' || id === '..') {
    throw invalid(`${kind} "${name}" contains a ${what} id "${id}" at index ${index}.`);
  }
  if (isReserved(id)) {
    throw invalid(
      `${what === 'resource' ? 'Resource' : 'Collection'} id "${id}" is invalid because it is reserved.`,
    );
  }
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
