/** Aggregations over what a query finds (google/firestore/v1/query.proto, `StructuredAggregationQuery`): counts alone. */
import { invalid, unimplemented } from '../grpc-error.ts';
import type { StructuredQuery } from './query.ts';
import { integer, type Value } from './values.ts';

export interface Aggregation {
  readonly alias?: string;
  readonly count?: { readonly upTo?: { readonly value?: string } | null };
  readonly sum?: object;
  readonly avg?: object;
}

export interface StructuredAggregationQuery {
  readonly structuredQuery?: StructuredQuery;
  readonly aggregations: readonly Aggregation[];
}

export interface Count {
  readonly alias: string;
  /** Stops counting there. */
  readonly most: number;
}

/** @throws GrpcError */
export function parseCounts(aggregations: readonly Aggregation[]): Count[] {
  if (aggregations.length === 0) throw invalid('Aggregations can not be empty.');
  let unnamed = 0;
  const counts = aggregations.map((aggregation) => {
    const alias = aggregation.alias === undefined ? `field_${++unnamed}` : aggregation.alias;
    return { alias, most: parseMost(aggregation) };
  });
  const aliases = counts.map(({ alias }) => alias);
  const repeated = aliases.find((alias, index) => aliases.indexOf(alias) !== index);
  if (repeated !== undefined) throw invalid(`Aggregation aliases contain duplicate alias: ${repeated}.`);
  return counts;
}

function parseMost({ count, sum, avg }: Aggregation): number {
  if (sum) throw unimplemented('Aggregation.sum');
  if (avg) throw unimplemented('Aggregation.avg');
  if (!count) throw invalid('Operator field in Aggregation is not set.');
  return count.upTo ? Number(count.upTo.value ?? 0) : Infinity;
}

/** @param found how many documents the query finds. @returns the results by alias. */
export function countsOf(counts: readonly Count[], found: number): Record<string, Value> {
  return Object.fromEntries(counts.map(({ alias, most }) => [alias, integer(Math.min(found, most))]));
}
