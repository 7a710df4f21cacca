import domain from 'node:domain';

/**
 * Has the framework serve requests without domains (https://nodejs.org/api/domain.html, deprecated). It runs each request
 * in one, for which Node tracks every promise of the process from then on: more than a third of the CPU that recording a
 * purchase takes (docs/performance.md).
 *
 * A domain catches what is thrown outside of any promise, and fails the request that it takes for the cause. Without one,
 * that ends the instance, by the framework's own handler; the events it was at are delivered again.
 */
export function doWithoutDomains(): void {
  Object.assign(domain, { create: () => scope });
}

/** What the framework does with the domain of a request, which is done before the next request comes. */
const scope = {
  on: () => scope,
  bind: <T>(callback: T): T => callback,
  enter: () => undefined,
  exit: () => undefined,
  /** @param start has the request handled in the next tick, where the framework looks for the current domain. */
  run(start: () => void): void {
    Object.assign(process, { domain: scope });
    start();
    process.nextTick(() => Object.assign(process, { domain: undefined }));
  },
};
