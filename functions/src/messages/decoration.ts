import type * as z from 'zod';
import { fieldName } from '../faults.ts';

/**
 * The parts of a purchase that only decorate it: emails and reports are better for them, but identity, time, total and address
 * decide what the purchase is. A part that is unfit is left out, and the purchase is recorded.
 */
const decoration: ReadonlySet<string> = new Set([
  'customer.name',
  'customer.locale',
  'location',
  'location.name',
  'location.zone',
  'location.timeZone',
  'items',
  'items[]',
  'items[].name',
  'items[].category',
]);

/** The length of the longest path above. */
const DEEPEST = 3;

/** The smallest part of the decoration around a fault, such as `items[2].name`; undefined when a field that decides is at fault. */
export function unfitPart({ path }: z.core.$ZodIssue): string | undefined {
  const around = path.map((_, depth) => fieldName(path.slice(0, depth + 1)));
  return around.findLast((part) => decoration.has(part.replaceAll(/\[\d+\]/gu, '[]')));
}

/**
 * A copy of a message without some parts of its decoration.
 * @param parts named as by `unfitPart`.
 */
export function without(
  parts: ReadonlySet<string>,
  value: unknown,
  path: readonly PropertyKey[] = [],
): unknown {
  if (path.length === DEEPEST || typeof value !== 'object' || value === null) return value;
  const isKept = (key: PropertyKey) => !parts.has(fieldName([...path, key]));
  const copy = (key: PropertyKey, part: unknown) => without(parts, part, [...path, key]);
  if (Array.isArray(value)) {
    return value.flatMap((entry, index) => (isKept(index) ? [copy(index, entry)] : []));
  }
  const kept = Object.entries(value).filter(([key]) => isKept(key));
  return Object.fromEntries(kept.map(([key, part]) => [key, copy(key, part)]));
}
