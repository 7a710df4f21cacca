/** Every error answers one question: is it worth trying again? */

/** Trying again cannot help: the message or the configuration itself is wrong. */
export class PermanentError extends Error {
  override readonly name = 'PermanentError';
}

/** Something outside failed for now: throw it to the trigger, which delivers the event again. */
export class RetryableError extends Error {
  override readonly name = 'RetryableError';
}
