/** Which documents a query's filters let through (google/firestore/v1/query.proto, `StructuredQuery.Filter`). */
import { parseValue, type Document } from './documents.ts';
import { invalid } from '../grpc-error.ts';
import { isDocumentName, parseFieldPath, valueAt, type FieldPath } from './field-paths.ts';
import { nameOf } from './names.ts';
import {
  array,
  compareValues,
  elements,
  NULL,
  isNaNValue,
  reference,
  typeOrder,
  type Value,
} from './values.ts';

export interface FieldReference {
  readonly fieldPath?: string;
}

export interface Filter {
  readonly compositeFilter?: { readonly op?: string; readonly filters: readonly Filter[] };
  readonly fieldFilter?: {
    readonly field?: FieldReference | null;
    readonly op?: string;
    readonly value?: Value | null;
  };
  readonly unaryFilter?: { readonly field?: FieldReference | null; readonly op?: string };
}

export type ParsedFilter =
  | { readonly kind: 'and'; readonly filters: readonly ParsedFilter[] }
  | { readonly kind: 'or'; readonly filters: readonly ParsedFilter[] }
  | { readonly kind: 'field'; readonly path: FieldPath; readonly op: string; readonly test: Test };

/** @param value of the field, which exists. */
type Test = (value: Value) => boolean;

/** All other operators are inequalities: the results are ordered by their fields. */
const EQUALITIES = ['EQUAL', 'IN', 'ARRAY_CONTAINS', 'ARRAY_CONTAINS_ANY', 'IS_NULL', 'IS_NAN'];
const MAX_CHOICES: Readonly<Record<string, number>> = { IN: 30, ARRAY_CONTAINS_ANY: 30, NOT_IN: 10 };

/** @throws GrpcError INVALID_ARGUMENT */
export function parseFilter({ compositeFilter, fieldFilter, unaryFilter }: Filter): ParsedFilter {
  if (compositeFilter) {
    const { op, filters } = compositeFilter;
    if (op !== 'AND' && op !== 'OR') throw invalid('Unsupported CompositeFilter operator.');
    return { kind: op === 'AND' ? 'and' : 'or', filters: filters.map(parseFilter) };
  }
  if (fieldFilter) {
    const path = parseFieldPath(fieldFilter.field?.fieldPath);
    const op = fieldFilter.op ?? '';
    const operand = parseOperand(path, op, fieldFilter.value ?? undefined);
    return { kind: 'field', path, op, test: fieldTest(op, operand) };
  }
  const { field, op = '' } = unaryFilter ?? {};
  return { kind: 'field', path: parseFieldPath(field?.fieldPath), op, test: unaryTest(op) };
}

/** The operand of some operators is a list of values, which may be arrays themselves. */
function parseOperand(path: FieldPath, op: string, operand: Value | undefined): Value {
  const limit = MAX_CHOICES[op];
  const list = limit === undefined ? [parseValue(operand)] : parseChoices(op, limit, operand);
  if (isDocumentName(path) && list.some(({ valueType }) => valueType !== 'referenceValue')) {
    throw invalid('__key__ filter value must be a Key');
  }
  return limit === undefined ? (list[0] ?? NULL) : array(list);
}

function parseChoices(op: string, limit: number, operand: Value | undefined): Value[] {
  if (operand?.valueType !== 'arrayValue') throw invalid(`'${op}' requires an ArrayValue.`);
  const { values } = operand.arrayValue;
  if (values.length === 0) throw invalid(`'${op}' requires an non-empty ArrayValue.`);
  if (values.length > limit) throw invalid(`'${op}' supports up to ${limit} comparison values.`);
  return values.map((value) => parseValue(value));
}

/** Nothing but `IS_NULL` and `IS_NAN` finds null and NaN: neither is equal to itself, less or greater than anything. */
function isComparable(value: Value): boolean {
  return value.valueType !== 'nullValue' && !isNaNValue(value);
}

function equals(a: Value, b: Value): boolean {
  return isComparable(a) && isComparable(b) && compareValues(a, b) === 0;
}

function fieldTest(op: string, operand: Value): Test {
  switch (op) {
    case 'EQUAL':
      return (value) => equals(value, operand);
    case 'NOT_EQUAL':
      return (value) => isNotNull(value) && isNotNull(operand) && !equals(value, operand);
    case 'LESS_THAN':
      return rangeTest(operand, (difference) => difference < 0);
    case 'LESS_THAN_OR_EQUAL':
      return rangeTest(operand, (difference) => difference <= 0);
    case 'GREATER_THAN':
      return rangeTest(operand, (difference) => difference > 0);
    case 'GREATER_THAN_OR_EQUAL':
      return rangeTest(operand, (difference) => difference >= 0);
    case 'IN':
      return (value) => elements(operand).some((choice) => equals(value, choice));
    case 'NOT_IN':
      return (value) =>
        isNotNull(value) && elements(operand).every((choice) => isNotNull(choice) && !equals(value, choice));
    case 'ARRAY_CONTAINS':
      return (value) => elements(value).some((element) => equals(element, operand));
    case 'ARRAY_CONTAINS_ANY':
      return (value) =>
        elements(value).some((element) => elements(operand).some((choice) => equals(element, choice)));
    default:
      throw invalid('Unknown FieldFilter operator.');
  }
}

/** A range holds values of the operand's own type alone. */
function rangeTest(operand: Value, accepts: (difference: number) => boolean): Test {
  return (value) =>
    isComparable(value) &&
    isComparable(operand) &&
    typeOrder(value) === typeOrder(operand) &&
    accepts(compareValues(value, operand));
}

function isNotNull(value: Value): boolean {
  return value.valueType !== 'nullValue';
}

function unaryTest(op: string): Test {
  switch (op) {
    case 'IS_NULL':
      return (value) => !isNotNull(value);
    case 'IS_NOT_NULL':
      return isNotNull;
    case 'IS_NAN':
      return isNaNValue;
    case 'IS_NOT_NAN':
      return isComparable;
    default:
      throw invalid('Unknown UnaryFilter operator.');
  }
}

type FieldFilter = Extract<ParsedFilter, { kind: 'field' }>;

/** All filters on single fields, at every depth. */
function fieldFilters(filter: ParsedFilter): FieldFilter[] {
  return filter.kind === 'field' ? [filter] : filter.filters.flatMap(fieldFilters);
}

/** The fields of inequalities, as texts in their lexicographic order. */
export function inequalityFields(filter: ParsedFilter): FieldPath[] {
  const paths = fieldFilters(filter)
    .filter(({ op }) => !EQUALITIES.includes(op))
    .map(({ path }) => path);
  const distinct = new Map(paths.map((path) => [path.join('.'), path]));
  return [...distinct].toSorted(([a], [b]) => (a < b ? -1 : 1)).map(([, path]) => path);
}

/** @param database of the document: queries compare its full name. */
export function matches(filter: ParsedFilter, database: string, document: Document): boolean {
  if (filter.kind === 'and') return filter.filters.every((inner) => matches(inner, database, document));
  if (filter.kind === 'or') return filter.filters.some((inner) => matches(inner, database, document));
  const value = fieldOf(database, document, filter.path);
  return value !== undefined && filter.test(value);
}

/** The value of a document's field, or its name as a value. */
export function fieldOf(database: string, document: Document, path: FieldPath): Value | undefined {
  return isDocumentName(path) ? reference(nameOf(database, document.path)) : valueAt(document.fields, path);
}
