/** Where a query, or a list, looks for documents. */
import type { Document } from './documents.ts';
import { collectionOf, idOf } from './names.ts';
import type { Documents, Snapshot } from './versions.ts';

export interface Scope {
  /** Of a document; empty for the whole database. */
  readonly parent: string;
  /** Undefined for collections of any ID. */
  readonly collectionId: string | undefined;
  readonly allDescendants: boolean;
}

export function isInScope({ parent, collectionId, allDescendants }: Scope, path: string): boolean {
  const collection = collectionOf(path);
  if (collectionId !== undefined && idOf(collection) !== collectionId) return false;
  if (allDescendants) return parent === '' || path.startsWith(`${parent}/`);
  return collection.slice(0, Math.max(0, collection.lastIndexOf('/'))) === parent;
}

/** The documents in a scope, in the order of their paths, perhaps among others in collections below. */
export function* around(
  { documents }: Snapshot,
  { parent, collectionId, allDescendants }: Scope,
): Iterable<Document> {
  const base = parent === '' ? '' : `${parent}/`;
  yield* below(documents, collectionId === undefined || allDescendants ? base : `${base}${collectionId}/`);
}

/** @param prefix empty, or ends with a slash. */
export function* below(documents: Documents, prefix: string): Iterable<Document> {
  for (const [path, document] of documents.entries(prefix)) {
    if (!path.startsWith(prefix)) return;
    yield document;
  }
}
