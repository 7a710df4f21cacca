/** For how long anybody waits, in ms: what has not happened by then never will. */
const PATIENCE = 60_000;

/** Brings together those who wait for something and the news that it has happened, whichever comes first. */
export class Outcomes {
  readonly #waiting = new Map<string, ((time: number) => void)[]>();
  readonly #happened = new Map<string, number[]>();

  /** It has happened now, to one who waits for `key` or will. */
  happened(key: string): void {
    const time = performance.now();
    const first = this.#waiting.get(key)?.shift();
    if (first !== undefined) first(time);
    else this.#happened.set(key, [...(this.#happened.get(key) ?? []), time]);
  }

  /**
   * Resolves with the time of `performance.now()` when it happened.
   * @throws Error when it does not happen.
   */
  of(key: string): Promise<number> {
    const time = this.#happened.get(key)?.shift();
    if (time !== undefined) return Promise.resolve(time);
    const { promise, resolve, reject } = Promise.withResolvers<number>();
    const others = this.#waiting.get(key);
    const impatience = setTimeout(() => {
      reject(new Error(`Nothing came of ${key} for ${PATIENCE / 1000} s.`));
    }, PATIENCE);
    const settle = (at: number): void => {
      clearTimeout(impatience);
      resolve(at);
    };
    if (others === undefined) this.#waiting.set(key, [settle]);
    else others.push(settle);
    return promise;
  }
}
