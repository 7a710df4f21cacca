/** How long an outcome may take, in ms. */
const PATIENCE = 60_000;

/** Joins those who wait for an outcome with its announcement, whichever comes first. */
export class Outcomes {
  readonly #waiting = new Map<string, ((time: number) => void)[]>();
  readonly #announced = new Map<string, number[]>();

  /** The outcome `key` is there now. It goes to one waiter, present or future. */
  announce(key: string): void {
    const time = performance.now();
    const first = this.#waiting.get(key)?.shift();
    if (first !== undefined) first(time);
    else this.#announced.set(key, [...(this.#announced.get(key) ?? []), time]);
  }

  /**
   * Resolves with the `performance.now()` of the announcement.
   * @throws Error when it does not come.
   */
  of(key: string): Promise<number> {
    const time = this.#announced.get(key)?.shift();
    if (time !== undefined) return Promise.resolve(time);
    const { promise, resolve, reject } = Promise.withResolvers<number>();
    const timeout = setTimeout(() => {
      reject(new Error(`There was no outcome for ${key} within ${PATIENCE / 1000} s.`));
    }, PATIENCE);
    const waiting = this.#waiting.get(key) ?? [];
    this.#waiting.set(key, waiting);
    waiting.push((at) => {
      clearTimeout(timeout);
      resolve(at);
    });
    return promise;
  }
}
