/** Writes: what they change, and when they are refused (google/firestore/v1/write.proto). */
import { isDeepStrictEqual } from 'node:util';
import { checkSize, parseFields, type Document } from './documents.ts';
import { GrpcError, invalid } from '../grpc-error.ts';
import { isDocumentName, merge, parseFieldPath, valueAt, withValue, type FieldPath } from './field-paths.ts';
import { nameOf, pathIn } from './names.ts';
import { toMicros, toTimestamp } from './times.ts';
import { parseTransforms, type FieldTransform, type ParsedTransform } from './transforms.ts';
import type { Fields, Timestamp, Value } from './values.ts';

interface Precondition {
  readonly exists?: boolean;
  readonly updateTime?: Timestamp;
}

export interface Write {
  readonly update?: { readonly name?: string; readonly fields: Fields };
  readonly delete?: string;
  readonly transform?: { readonly document?: string; readonly fieldTransforms: readonly FieldTransform[] };
  readonly updateMask?: { readonly fieldPaths: readonly string[] } | null;
  readonly updateTransforms: readonly FieldTransform[];
  readonly currentDocument?: Precondition | null;
}

export interface WriteResult {
  /** Absent for a document that does not exist after the commit. */
  readonly updateTime?: Timestamp;
  readonly transformResults: readonly Value[];
}

export interface ParsedWrite {
  readonly path: string;
  /** Undefined for a delete. */
  readonly update:
    | {
        readonly fields: Fields;
        /** Undefined when the fields are the whole document. */
        readonly mask: readonly FieldPath[] | undefined;
        readonly transforms: readonly ParsedTransform[];
      }
    | undefined;
  readonly precondition: Precondition;
}

/** @throws GrpcError INVALID_ARGUMENT for what no state of the database could make right. */
export function parseWrite(database: string, write: Write): ParsedWrite {
  const name = write.update?.name ?? write.delete ?? write.transform?.document;
  if (!write.update && !write.transform && name === undefined) throw invalid('empty write operation');
  const update = write.delete === undefined ? parseUpdate(write) : undefined;
  return { path: pathIn(database, name), precondition: write.currentDocument ?? {}, update };
}

function parseUpdate({ update, transform, updateMask, updateTransforms }: Write): ParsedWrite['update'] {
  if (transform?.fieldTransforms.length === 0) {
    throw invalid('The list of FieldTransform must not be empty.');
  }
  const transforms = parseTransforms(transform?.fieldTransforms ?? updateTransforms);
  // A write that only transforms leaves the other fields as they are.
  const paths = transform === undefined ? updateMask?.fieldPaths : [];
  const mask = paths?.map(parseFieldPath).filter((path) => !isDocumentName(path));
  return { fields: parseFields(update?.fields ?? {}), mask, transforms };
}

/** The documents that a commit changes, by path; undefined stands for a deleted one. */
export type Changes = ReadonlyMap<string, Document | undefined>;

export interface Applied {
  readonly changes: Changes;
  readonly results: readonly WriteResult[];
}

/**
 * What the writes, one after the other, make of the documents as they are.
 * @param read the document that is stored at a path.
 * @param commitTime in microseconds since 1970.
 * @throws GrpcError when a precondition does not hold, or a document becomes too large.
 */
export function applyWrites(
  database: string,
  writes: readonly ParsedWrite[],
  read: (path: string) => Document | undefined,
  commitTime: number,
): Applied {
  const written = new Map<string, Document | undefined>();
  const current = (path: string): Document | undefined =>
    written.has(path) ? written.get(path) : read(path);
  const transformResults = writes.map((write) => {
    const before = current(write.path);
    checkPrecondition(nameOf(database, write.path), write.precondition, before);
    const { document, results } = applyWrite(write, before, commitTime);
    written.set(write.path, document);
    return results;
  });
  for (const [path, document] of written) {
    if (document !== undefined) checkSize(nameOf(database, path), document.fields);
  }
  const changes = new Map([...written].filter(([path, document]) => isChange(read(path), document)));
  const after = (path: string): Document | undefined => (changes.has(path) ? changes.get(path) : read(path));
  const results = writes.map(({ path }, index) => {
    const document = after(path);
    const updateTime = document && { updateTime: toTimestamp(document.updateTime) };
    return { ...updateTime, transformResults: transformResults[index] ?? [] };
  });
  return { changes, results };
}

function checkPrecondition(name: string, { exists, updateTime }: Precondition, before?: Document): void {
  if (exists === false && before) throw new GrpcError('ALREADY_EXISTS', `Document already exists: ${name}`);
  if (exists === true && !before) throw new GrpcError('NOT_FOUND', `No document to update: ${name}`);
  if (!updateTime) return;
  const [stored, required] = [before?.updateTime ?? 0, toMicros(updateTime)];
  if (stored !== required) {
    throw new GrpcError(
      'FAILED_PRECONDITION',
      `the stored version (${stored}) does not match the required base version (${required})`,
    );
  }
}

function applyWrite(
  { path, update }: ParsedWrite,
  before: Document | undefined,
  commitTime: number,
): { document: Document | undefined; results: Value[] } {
  if (update === undefined) return { document: undefined, results: [] };
  let fields =
    update.mask === undefined ? update.fields : merge(before?.fields ?? {}, update.fields, update.mask);
  const requestTime = toTimestamp(commitTime - (commitTime % 1_000));
  const results = update.transforms.map((transform) => {
    const { value, result } = transform.apply(valueAt(fields, transform.path), requestTime);
    fields = withValue(fields, transform.path, value);
    return result;
  });
  const createTime = before?.createTime ?? commitTime;
  return { document: { path, fields, createTime, updateTime: commitTime }, results };
}

/** A write that leaves a document as it was leaves its update time too, and is no event. */
function isChange(before: Document | undefined, after: Document | undefined): boolean {
  return before?.createTime !== after?.createTime || !isDeepStrictEqual(before?.fields, after?.fields);
}
