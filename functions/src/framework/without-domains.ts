import domain from 'node:domain';

/**
 * Makes functions-framework (checked with 5.0.5) serve requests without domains (https://nodejs.org/api/domain.html,
 * deprecated). It runs each request in one, for which Node then tracks every promise of the process; decision 20 has what
 * that costs.
 *
 * A domain catches what is thrown outside of any promise, and fails the request that it takes for the cause. Without one,
 * that ends the instance, by the framework's own handler, and its events are delivered again. If this stops working, requests
 * are served in domains as before, more slowly.
 */
export function serveWithoutDomains(): void {
  Object.assign(domain, { create: () => inert });
}

/** What the framework does with the domain of a request, which is done before the next request comes. */
const inert = {
  on: () => inert,
  bind: <T>(callback: T): T => callback,
  enter: () => undefined,
  exit: () => undefined,
  /** @param start has the request handled in the next tick, where the framework looks for the current domain. */
  run(start: () => void): void {
    Object.assign(process, { domain: inert });
    start();
    process.nextTick(() => Object.assign(process, { domain: undefined }));
  },
};
