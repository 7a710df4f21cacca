/** What a field becomes by a transform (google/firestore/v1/write.proto, `DocumentTransform.FieldTransform`). */
import { parseElement } from './documents.ts';
import { invalid } from '../grpc-error.ts';
import { isPrefix, parseFieldPath, type FieldPath } from './field-paths.ts';
import {
  array,
  compareValues,
  double,
  elements,
  integer,
  isNaNValue,
  isNumber,
  NULL,
  numeric,
  type NumberValue,
  type Timestamp,
  type Value,
} from './values.ts';

interface ValueList {
  readonly values: readonly Value[];
}

export interface FieldTransform {
  readonly fieldPath?: string;
  readonly transformType?: string;
  readonly setToServerValue?: string;
  readonly increment?: Value;
  readonly maximum?: Value;
  readonly minimum?: Value;
  readonly appendMissingElements?: ValueList;
  readonly removeAllFromArray?: ValueList;
}

export interface ParsedTransform {
  readonly path: FieldPath;
  /** @param requestTime with a precision of milliseconds. */
  apply(value: Value | undefined, requestTime: Timestamp): Transformed;
}

interface Transformed {
  readonly value: Value;
  /** What the response contains. */
  readonly result: Value;
}

/** @throws GrpcError INVALID_ARGUMENT */
export function parseTransforms(transforms: readonly FieldTransform[]): ParsedTransform[] {
  const parsed = transforms.map((transform) => {
    const path = parseFieldPath(transform.fieldPath);
    return { path, apply: parseOperation(transform) };
  });
  for (const { path } of parsed) {
    if (parsed.some((other) => other.path.length > path.length && isPrefix(path, other.path))) {
      throw invalid(`Cannot transform property ${path.join('.')} and its nested property at the same time.`);
    }
  }
  return parsed;
}

function parseOperation(transform: FieldTransform): ParsedTransform['apply'] {
  const { setToServerValue, increment, maximum, minimum, appendMissingElements, removeAllFromArray } =
    transform;
  if (setToServerValue !== undefined) return serverValue(setToServerValue);
  if (increment !== undefined) return arithmetic(increment, add);
  if (maximum !== undefined) return arithmetic(maximum, (a, b) => extreme(a, b, 1));
  if (minimum !== undefined) return arithmetic(minimum, (a, b) => extreme(a, b, -1));
  if (appendMissingElements !== undefined) return listOperation(appendMissingElements, append);
  if (removeAllFromArray !== undefined) return listOperation(removeAllFromArray, remove);
  throw invalid('Operation type must be specified for field transformation.');
}

function serverValue(kind: string): ParsedTransform['apply'] {
  if (kind !== 'REQUEST_TIME') {
    throw invalid('ServerValue type must be specified for set_to_server_value transformation.');
  }
  return (_value, timestampValue) => same({ valueType: 'timestampValue', timestampValue });
}

function same(value: Value): Transformed {
  return { value, result: value };
}

/** A field that is missing, or no number, becomes the operand. */
function arithmetic(
  operand: Value,
  combine: (value: NumberValue, operand: NumberValue) => NumberValue,
): ParsedTransform['apply'] {
  if (!isNumber(operand)) throw invalid('Input must be int64 or double.');
  return (value) => same(isNumber(value) ? combine(value, operand) : operand);
}

const [MIN_INTEGER, MAX_INTEGER] = [-(2n ** 63n), 2n ** 63n - 1n];

/** Integers stay at the limits of 64 bits; with a double, both become doubles. */
function add(value: NumberValue, operand: NumberValue): NumberValue {
  if (value.valueType === 'integerValue' && operand.valueType === 'integerValue') {
    const sum = BigInt(value.integerValue) + BigInt(operand.integerValue);
    if (sum > MAX_INTEGER) return integer(MAX_INTEGER);
    return integer(sum < MIN_INTEGER ? MIN_INTEGER : sum);
  }
  return double(Number(numeric(value)) + Number(numeric(operand)));
}

/** NaN wins; of two equal values, the stored one stays. @param sign 1 for the maximum, -1 for the minimum. */
function extreme(value: NumberValue, operand: NumberValue, sign: 1 | -1): NumberValue {
  if (isNaNValue(value) || isNaNValue(operand)) return double(Number.NaN);
  return sign * compareValues(operand, value) > 0 ? operand : value;
}

/** A field that is missing, or no array, counts as an empty one. */
function listOperation(
  { values }: ValueList,
  change: (stored: readonly Value[], operands: readonly Value[]) => readonly Value[],
): ParsedTransform['apply'] {
  const operands = values.map((value) => parseElement(value));
  return (value) => ({ value: array(change(elements(value), operands)), result: NULL });
}

function append(stored: readonly Value[], operands: readonly Value[]): readonly Value[] {
  return operands.reduce((list, operand) => (includes(list, operand) ? list : [...list, operand]), stored);
}

function remove(stored: readonly Value[], operands: readonly Value[]): readonly Value[] {
  return stored.filter((element) => !includes(operands, element));
}

function includes(list: readonly Value[], value: Value): boolean {
  return list.some((element) => compareValues(element, value) === 0);
}
