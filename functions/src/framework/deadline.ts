import { setTimeout as delay } from 'node:timers/promises';
import type { Millis } from '../domain/time.ts';
import { RetryableError } from '../errors.ts';

/**
 * Waits for work that is under way, but no longer than the limit. Late work goes on, and its result is ignored. When it is in
 * time, nothing is left of the wait: a timer that ran on would keep all that the work refers to.
 * @throws RetryableError when the time is over.
 */
export async function beforeDeadline<T>(limit: Millis, work: Promise<T>): Promise<T> {
  const done = new AbortController();
  try {
    return await Promise.race([work, overdue(limit, done.signal)]);
  } finally {
    done.abort();
  }
}

async function overdue(limit: Millis, signal: AbortSignal): Promise<never> {
  await delay(limit, undefined, { ref: false, signal });
  throw new RetryableError(`There was no result within ${limit} ms.`);
}
