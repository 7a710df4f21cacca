/** Which filters a query may combine (https://firebase.google.com/docs/firestore/query-data/queries#limitations). */
import { invalid } from '../grpc-error.ts';
import { fieldFilters, type ParsedFilter } from './filters.ts';

const NEGATIONS = ['NOT_EQUAL', 'NOT_IN', 'IS_NOT_NAN', 'IS_NOT_NULL'];
const CONTAINS = ['ARRAY_CONTAINS', 'ARRAY_CONTAINS_ANY'];
const ALTERNATIVES = ['IN', 'ARRAY_CONTAINS_ANY'];
const MAX_DISJUNCTIONS = 30;

/** @throws GrpcError INVALID_ARGUMENT */
export function checkCombination(filter: ParsedFilter): void {
  const ops = fieldFilters(filter).map(({ op }) => op);
  if (ops.filter((op) => NEGATIONS.includes(op)).length > 1) {
    throw invalid(
      "Only a single 'NOT_EQUAL', 'NOT_IN', 'IS_NOT_NAN', or 'IS_NOT_NULL' filter allowed per query.",
    );
  }
  if (ops.includes('NOT_IN') && (hasOr(filter) || ops.some((op) => ALTERNATIVES.includes(op)))) {
    throw invalid("'NOT_IN' cannot be used in the same query with 'IN', 'ARRAY_CONTAINS_ANY' or 'OR'.");
  }
  if (mostContains(filter) > 1) {
    throw invalid("A maximum of 1 'ARRAY_CONTAINS' filter is allowed per disjunction.");
  }
  const disjunctions = countDisjunctions(filter);
  if (disjunctions > MAX_DISJUNCTIONS) {
    throw invalid(
      `Too many disjunctions after normalization. Result had ${disjunctions} disjunctions which is more than the ` +
        `maximum of ${MAX_DISJUNCTIONS}`,
    );
  }
}

function hasOr(filter: ParsedFilter): boolean {
  return (
    filter.kind !== 'field' &&
    ((filter.kind === 'or' && filter.filters.length > 1) || filter.filters.some(hasOr))
  );
}

/** The most array-contains filters that any one disjunction has, in disjunctive normal form. */
function mostContains(filter: ParsedFilter): number {
  if (filter.kind === 'field') return CONTAINS.includes(filter.op) ? 1 : 0;
  const counts = filter.filters.map(mostContains);
  return filter.kind === 'and' ? counts.reduce((sum, count) => sum + count, 0) : Math.max(0, ...counts);
}

function countDisjunctions(filter: ParsedFilter): number {
  if (filter.kind === 'field') return ALTERNATIVES.includes(filter.op) ? filter.choices : 1;
  const counts = filter.filters.map(countDisjunctions);
  return filter.kind === 'and'
    ? counts.reduce((product, count) => product * count, 1)
    : counts.reduce((sum, count) => sum + count, 0);
}
