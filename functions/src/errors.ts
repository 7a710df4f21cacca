/** Errors say whether another attempt can help. */

/** Another attempt cannot help: the message or the configuration itself is wrong. */
export class PermanentError extends Error {
  override readonly name = 'PermanentError';
}

/** Something outside failed temporarily: thrown to the trigger, it makes the event be delivered again. */
export class RetryableError extends Error {
  override readonly name = 'RetryableError';
}

/**
 * The code of a failure of the network or the system, such as `ECONNREFUSED`. It is safe to log, unlike the message, which may
 * quote what was sent. `fetch` hides the reason of a failed connection in `cause`.
 */
export function codeOf(failure: unknown): string {
  if (!(failure instanceof Error)) return 'unknown failure';
  if ('code' in failure && typeof failure.code === 'string') return failure.code;
  return failure.cause instanceof Error ? codeOf(failure.cause) : failure.name;
}

/** A text with `[address]` in place of everything that may be an email address: libraries and services quote their input. */
export function withoutAddresses(text: string): string {
  return text.replaceAll(/[^\s<>[\]"'(),;:]+@[^\s<>[\]"'(),;:]+/gu, '[address]');
}
