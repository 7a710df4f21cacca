/**
 * Paths of fields, such as `` a.`b.c` `` (google/firestore/v1/document.proto, `Document.fields`), and what is at them.
 */
import { invalid } from '../grpc-error.ts';
import { isReserved } from './names.ts';
import { map, type Fields, type Value } from './values.ts';

/** Field names from the outermost to the innermost; never empty. */
export type FieldPath = readonly string[];

const MAX_PATH_BYTES = 1_500;
const UNQUOTED = '[a-zA-Z_][a-zA-Z_0-9]*';
const QUOTED = '`(?:[^`\\\\]|\\\\[`\\\\])+`';
const WHOLE = new RegExp(`^(?:${UNQUOTED}|${QUOTED})(?:\\.(?:${UNQUOTED}|${QUOTED}))*$`, 'su');
const SEGMENT = new RegExp(`${UNQUOTED}|${QUOTED}`, 'gsu');

/** The path that stands for a document's name in queries. */
export const DOCUMENT_NAME = '__name__';

/** @throws GrpcError INVALID_ARGUMENT */
export function parseFieldPath(text = ''): FieldPath {
  if (text === '') throw invalid('Invalid empty property path string.');
  if (!WHOLE.test(text)) {
    throw invalid(
      `Invalid property path "${text}". Unquoted property paths must match regex (${UNQUOTED}), and quoted property ` +
        'paths must match regex (`(?:[^`\\\\]|(?:\\\\.))+`)',
    );
  }
  if (Buffer.byteLength(text) > MAX_PATH_BYTES) {
    throw invalid(`The property path is longer than ${MAX_PATH_BYTES} bytes.`);
  }
  const path = (text.match(SEGMENT) ?? []).map(unquoted);
  const reserved = path.find((name) => isReserved(name) && text !== DOCUMENT_NAME);
  if (reserved !== undefined) throw invalid(`Invalid reserved name in field path ${reserved}`);
  return path;
}

function unquoted(segment: string): string {
  return segment.startsWith('`') ? segment.slice(1, -1).replaceAll(/\\(.)/gsu, '$1') : segment;
}

export function isDocumentName(path: FieldPath): boolean {
  return path.length === 1 && path[0] === DOCUMENT_NAME;
}

/** Whether one path is the other, or leads to it. */
export function isPrefix(prefix: FieldPath, path: FieldPath): boolean {
  return prefix.every((name, index) => path[index] === name);
}

export function valueAt(fields: Fields, [name = '', ...rest]: FieldPath): Value | undefined {
  const value = Object.hasOwn(fields, name) ? fields[name] : undefined;
  if (rest.length === 0) return value;
  return value?.valueType === 'mapValue' ? valueAt(value.mapValue.fields, rest) : undefined;
}

/** A copy with the value at the path, in maps that are made where there are none. */
export function withValue(fields: Fields, [name = '', ...rest]: FieldPath, value: Value): Fields {
  if (rest.length === 0) return { ...fields, [name]: value };
  return { ...fields, [name]: map(withValue(mapAt(fields, name) ?? {}, rest, value)) };
}

/** A copy without the value at the path. Maps that become empty stay. */
function withoutValue(fields: Fields, [name = '', ...rest]: FieldPath): Fields {
  if (rest.length === 0) {
    const { [name]: removed, ...others } = fields;
    return removed === undefined ? fields : others;
  }
  const inner = mapAt(fields, name);
  return inner === undefined ? fields : { ...fields, [name]: map(withoutValue(inner, rest)) };
}

function mapAt(fields: Fields, name: string): Fields | undefined {
  const value = valueAt(fields, [name]);
  return value?.valueType === 'mapValue' ? value.mapValue.fields : undefined;
}

/** A copy of `target` in which each path of the mask is as in `source`: replaced there, or removed. */
export function merge(target: Fields, source: Fields, mask: readonly FieldPath[]): Fields {
  return mask.reduce((merged, path) => {
    const value = valueAt(source, path);
    return value === undefined ? withoutValue(merged, path) : withValue(merged, path, value);
  }, target);
}

/** What the mask names, and nothing else. */
export function project(fields: Fields, mask: readonly FieldPath[]): Fields {
  return merge({}, fields, mask);
}
