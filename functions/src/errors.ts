/** Every error answers one question: is it worth trying again? */

/** Trying again cannot help: the message or the configuration itself is wrong. */
export class PermanentError extends Error {
  override readonly name = 'PermanentError';
}

/** Something outside failed for now: throw it to the trigger, which delivers the event again. */
export class RetryableError extends Error {
  override readonly name = 'RetryableError';
}

/**
 * The code of a failure of the network or the system, such as `ECONNREFUSED`. It is safe to log where the message is not:
 * messages may quote what was sent. `fetch` hides the reason of a failed connection in `cause`.
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
