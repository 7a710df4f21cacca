/** Documents and what Firestore demands of them (https://firebase.google.com/docs/firestore/quotas). */
import { invalid } from '../grpc-error.ts';
import { isReserved, parseDocumentName } from './names.ts';
import { array, map, type Fields, type Timestamp, type Value } from './values.ts';

/** Its times are in microseconds since 1970. */
export interface Document {
  readonly path: string;
  readonly fields: Fields;
  readonly createTime: number;
  readonly updateTime: number;
}

const MAX_DOCUMENT_BYTES = 1_048_576;
const MAX_VALUE_BYTES = 1_048_487;
const MAX_FIELD_NAME_BYTES = 1_500;
/** Of maps and arrays inside each other. */
const MAX_DEPTH = 20;
/** The first second of the year 1, and the last one of 9999 (google/protobuf/timestamp.proto). */
const [FIRST_SECOND, LAST_SECOND] = [-62_135_596_800, 253_402_300_799];

/** Checks what is to be stored, and gives timestamps Firestore's precision. @throws GrpcError INVALID_ARGUMENT */
export function parseFields(fields: Fields, depth = 0): Fields {
  return Object.fromEntries(
    Object.entries(fields).map(([name, value]) => {
      checkFieldName(name);
      return [name, parseStored(name, value, depth)];
    }),
  );
}

function checkFieldName(name: string): void {
  if (name === '') throw invalid('The property.name is the empty string.');
  if (isReserved(name)) throw invalid(`field name ${name} is reserved`);
  if (Buffer.byteLength(name) > MAX_FIELD_NAME_BYTES) {
    throw invalid(`The property.name is longer than ${MAX_FIELD_NAME_BYTES} bytes.`);
  }
}

function parseStored(name: string, value: Value, depth: number): Value {
  // A string's size counts the byte that ends it.
  if (sizeOf(value) > MAX_VALUE_BYTES + 1) {
    throw invalid(`The value of property "${name}" is longer than ${MAX_VALUE_BYTES} bytes.`);
  }
  return parseValue(value, depth);
}

/** Checks a value of a document or of a query. @throws GrpcError INVALID_ARGUMENT */
export function parseValue(value: Value | undefined, depth = 0): Value {
  if (value?.valueType === undefined) throw invalid('Cannot convert firestore.v1.Value with type unset.');
  switch (value.valueType) {
    case 'timestampValue':
      return { valueType: 'timestampValue', timestampValue: parseTimestamp(value.timestampValue) };
    case 'referenceValue':
      parseDocumentName(value.referenceValue, 'Resource name');
      return value;
    case 'arrayValue':
      checkDepth(depth);
      return array(value.arrayValue.values.map((element) => parseElement(element, depth + 1)));
    case 'mapValue':
      checkDepth(depth);
      return map(parseFields(value.mapValue.fields, depth + 1));
    default:
      return value;
  }
}

/** @throws GrpcError INVALID_ARGUMENT */
export function parseElement(value: Value, depth = 1): Value {
  if (value.valueType === 'arrayValue') throw invalid('Cannot convert an array value in an array value.');
  return parseValue(value, depth);
}

function checkDepth(depth: number): void {
  if (depth >= MAX_DEPTH) throw invalid(`Maps and arrays are nested more than ${MAX_DEPTH} levels deep.`);
}

/** Truncated to microseconds, which is what Firestore keeps. @throws GrpcError INVALID_ARGUMENT */
function parseTimestamp({ seconds = '0', nanos = 0 }: Timestamp): Timestamp {
  if (Number(seconds) < FIRST_SECOND || Number(seconds) > LAST_SECOND) {
    throw invalid('Timestamp seconds exceeds limit for field.');
  }
  if (nanos < 0 || nanos > 999_999_999) throw invalid('Timestamp nanos exceeds limit for field.');
  return { seconds, nanos: nanos - (nanos % 1_000) };
}

/** @param name the document's full name. @throws GrpcError INVALID_ARGUMENT when the document is too large. */
export function checkSize(name: string, fields: Fields): void {
  const [, path = ''] = name.split('/documents/');
  const bytes = path.split('/').reduce((sum, id) => sum + stringSize(id), 16) + sizeOfFields(fields) + 32;
  if (bytes <= MAX_DOCUMENT_BYTES) return;
  const [size, limit] = [bytes, MAX_DOCUMENT_BYTES].map((number) => number.toLocaleString('en'));
  throw invalid(
    `Document '${name}' cannot be written because its size (${size} bytes) exceeds the maximum allowed size of ` +
      `${limit} bytes.`,
  );
}

/** In bytes (https://firebase.google.com/docs/firestore/storage-size). */
function sizeOf(value: Value): number {
  switch (value.valueType) {
    case 'nullValue':
    case 'booleanValue':
      return 1;
    case 'integerValue':
    case 'doubleValue':
    case 'timestampValue':
      return 8;
    case 'geoPointValue':
      return 16;
    case 'stringValue':
      return stringSize(value.stringValue);
    case 'bytesValue':
      return value.bytesValue.length;
    case 'referenceValue':
      return value.referenceValue
        .split('/')
        .slice(5)
        .reduce((sum, id) => sum + stringSize(id), 16);
    case 'arrayValue':
      return value.arrayValue.values.reduce((sum, element) => sum + sizeOf(element), 0);
    case 'mapValue':
      return sizeOfFields(value.mapValue.fields);
  }
}

function sizeOfFields(fields: Fields): number {
  return Object.entries(fields).reduce((sum, [name, value]) => sum + stringSize(name) + sizeOf(value), 0);
}

const stringSize = (text: string): number => Buffer.byteLength(text) + 1;
