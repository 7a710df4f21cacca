import type * as z from 'zod';

/** A value with a hundred faults is one fault: its author needs the first few. */
const MAX_FAULTS = 20;

/**
 * One line for each fault that a schema found: which field, and what it must be, never what it holds.
 * @param whole what to call the value as a whole.
 */
export function faultLines(error: z.ZodError, whole: string): string[] {
  return error.issues
    .slice(0, MAX_FAULTS)
    .map((issue) => `${fieldName(issue.path) || whole}: ${describe(issue)}`);
}

function describe(issue: z.core.$ZodIssue): string {
  if (issue.code !== 'unrecognized_keys') return issue.message;
  // The author chose these names: only what can be nothing but a name is repeated.
  const plain = issue.keys.filter((name) => /^\w{1,40}$/u.test(name));
  return ['holds undeclared fields', ...plain].join(' ');
}

/** `items[0].sku` */
function fieldName(path: readonly PropertyKey[]): string {
  return path.reduce<string>(
    (name, key) => (typeof key === 'number' ? `${name}[${key}]` : `${name}${name && '.'}${String(key)}`),
    '',
  );
}
