import type * as z from 'zod';

/** The first faults of a value are enough for its author. */
const MAX_FAULTS = 20;

/**
 * One line for each fault that a schema found: the field and what it must be, never its value.
 * @param whole the name of the value as a whole.
 */
export function faultLines({ issues }: Pick<z.ZodError, 'issues'>, whole: string): string[] {
  return issues.slice(0, MAX_FAULTS).map((issue) => `${fieldName(issue.path) || whole}: ${describe(issue)}`);
}

function describe(issue: z.core.$ZodIssue): string {
  if (issue.code !== 'unrecognized_keys') return issue.message;
  // The author of the value chose these names, so only plain identifiers are repeated.
  const plain = issue.keys.filter((name) => /^\w{1,40}$/u.test(name));
  return ['holds undeclared fields', ...plain].join(' ');
}

/** The name of a field in faults: `items[0].sku`. */
export function fieldName(path: readonly PropertyKey[]): string {
  return path.reduce<string>(
    (name, key) => (typeof key === 'number' ? `${name}[${key}]` : `${name}${name && '.'}${String(key)}`),
    '',
  );
}
