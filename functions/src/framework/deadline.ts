import { setTimeout as delay } from 'node:timers/promises';
import type { Millis } from '../domain/time.ts';
import { RetryableError } from '../errors.ts';

/**
 * Waits for work that has started, but no longer than the limit. Late work continues, and its result is ignored. Work in time
 * leaves no timer behind, which would keep everything that the work refers to in memory.
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
