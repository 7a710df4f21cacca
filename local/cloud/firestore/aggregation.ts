/** Aggregations over what a query finds (google/firestore/v1/query.proto, `StructuredAggregationQuery`). */
import type { Document } from './documents.ts';
import { invalid } from '../grpc-error.ts';
import { parseFieldPath, valueAt, type FieldPath } from './field-paths.ts';
import type { FieldReference } from './filters.ts';
import type { StructuredQuery } from './query.ts';
import { double, integer, isNumber, NULL, numeric, type NumberValue, type Value } from './values.ts';

interface OfField {
  readonly field?: FieldReference | null;
}

export interface Aggregation {
  readonly alias?: string;
  readonly count?: { readonly upTo?: { readonly value?: string } | null };
  readonly sum?: OfField;
  readonly avg?: OfField;
}

export interface StructuredAggregationQuery {
  readonly structuredQuery?: StructuredQuery;
  readonly aggregations: readonly Aggregation[];
}

export interface ParsedAggregation {
  readonly alias: string;
  /** Undefined for a count. */
  readonly path: FieldPath | undefined;
  readonly aggregate: (documents: readonly Document[]) => Value;
}

const MAX_AGGREGATIONS = 5;

/** @throws GrpcError INVALID_ARGUMENT */
export function parseAggregations(aggregations: readonly Aggregation[]): ParsedAggregation[] {
  if (aggregations.length === 0) throw invalid('Aggregations can not be empty.');
  if (aggregations.length > MAX_AGGREGATIONS) {
    throw invalid(
      `The maximum number of aggregations allowed in an aggregation query is ${MAX_AGGREGATIONS}.`,
    );
  }
  let unnamed = 0;
  const parsed = aggregations.map((aggregation) => {
    const alias = aggregation.alias === undefined ? `field_${++unnamed}` : aggregation.alias;
    return { alias, ...parseOperation(aggregation) };
  });
  const aliases = parsed.map(({ alias }) => alias);
  const repeated = aliases.find((alias, index) => aliases.indexOf(alias) !== index);
  if (repeated !== undefined) throw invalid(`Aggregation aliases contain duplicate alias: ${repeated}.`);
  return parsed;
}

function parseOperation({ count, sum, avg }: Aggregation): Omit<ParsedAggregation, 'alias'> {
  if (count) {
    const most = count.upTo ? Number(count.upTo.value ?? 0) : Infinity;
    return { path: undefined, aggregate: ({ length }) => integer(Math.min(length, most)) };
  }
  if (sum) return ofField(sum, total);
  if (avg) return ofField(avg, average);
  throw invalid('Operator field in Aggregation is not set.');
}

function ofField(
  { field }: OfField,
  combine: (numbers: readonly NumberValue[]) => Value,
): Omit<ParsedAggregation, 'alias'> {
  const path = parseFieldPath(field?.fieldPath);
  const numbers = (documents: readonly Document[]): NumberValue[] =>
    documents.map(({ fields }) => valueAt(fields, path)).filter(isNumber);
  return { path, aggregate: (documents) => combine(numbers(documents)) };
}

/** An integer when all are integers and their sum is one of 64 bits, else a double. */
function total(numbers: readonly NumberValue[]): NumberValue {
  const integers = numbers.map(numeric).filter((number) => typeof number === 'bigint');
  const sum = integers.reduce((subtotal, number) => subtotal + number, 0n);
  if (integers.length === numbers.length && BigInt.asIntN(64, sum) === sum) return integer(sum);
  return double(sumOfDoubles(numbers));
}

function average(numbers: readonly NumberValue[]): Value {
  return numbers.length === 0 ? NULL : double(sumOfDoubles(numbers) / numbers.length);
}

/** Integers are added exactly, and only their sum is rounded. Starting from 0, it is never -0. */
function sumOfDoubles(numbers: readonly NumberValue[]): number {
  let [integers, doubles] = [0n, 0];
  for (const number of numbers.map(numeric)) {
    if (typeof number === 'bigint') integers += number;
    else doubles += number;
  }
  return Number(integers) + doubles;
}

/**
 * The results by alias. A document that lacks a field that is summed up or averaged counts for none of them:
 * https://firebase.google.com/docs/firestore/query-data/aggregation-queries#limitations
 */
export function aggregate(
  aggregations: readonly ParsedAggregation[],
  documents: readonly Document[],
): Record<string, Value> {
  const complete = documents.filter(({ fields }) =>
    aggregations.every(({ path }) => path === undefined || valueAt(fields, path) !== undefined),
  );
  return Object.fromEntries(aggregations.map(({ alias, aggregate: compute }) => [alias, compute(complete)]));
}
