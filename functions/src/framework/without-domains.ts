import domain from 'node:domain';

/**
 * Makes functions-framework (checked with 5.0.5) serve requests without domains (https://nodejs.org/api/domain.html,
 * deprecated). The framework runs each request in a domain, for which Node tracks every promise of the process; decision 20
 * states the cost.
 *
 * A domain catches an error that is thrown outside of any promise, and fails the request that seems to be its cause. Without
 * one, the framework's own handler ends the instance, and its events are delivered again. If this stops working, requests run in
 * domains as before, more slowly.
 */
export function serveWithoutDomains(): void {
  Object.assign(domain, { create: () => inert });
}

/** The parts of a domain that the framework uses. */
const inert = {
  on: () => inert,
  bind: <T>(callback: T): T => callback,
  enter: () => undefined,
  exit: () => undefined,
  /** @param start makes the framework handle the request in the next tick, where it looks for the current domain. */
  run(start: () => void): void {
    Object.assign(process, { domain: inert });
    start();
    process.nextTick(() => Object.assign(process, { domain: undefined }));
  },
};
