import { setTimeout as delay } from 'node:timers/promises';
import { RetryableError } from '../errors.ts';

/**
 * Waits for work that is under way, but no longer than `limit` ms. Work that is late goes on, unheard. When it is in
 * time nothing is left of the wait: a timer that ran on would keep all that the work knew of.
 * @throws RetryableError when the time is over.
 */
export async function beforeDeadline<T>(limit: number, work: Promise<T>): Promise<T> {
  const done = new AbortController();
  try {
    return await Promise.race([work, overdue(limit, done.signal)]);
  } finally {
    done.abort();
  }
}

async function overdue(limit: number, signal: AbortSignal): Promise<never> {
  await delay(limit, undefined, { ref: false, signal });
  throw new RetryableError(`Nothing has answered for ${limit} ms.`);
}
