import { AsyncLocalStorage } from 'node:async_hooks';

const traceparents = new AsyncLocalStorage<string | undefined>();

/**
 * Does the work of one request or event, so that its log lines belong to that trace.
 * @param traceparent W3C trace context (https://www.w3.org/TR/trace-context/#traceparent-header).
 */
export function inTrace<T>(traceparent: string | undefined, work: () => T): T {
  return traceparents.run(traceparent, work);
}

/** The trace context of the request or event that is being handled, if it has one. */
export function currentTraceparent(): string | undefined {
  return traceparents.getStore();
}
