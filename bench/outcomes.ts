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

  /** Resolves with the time of `performance.now()` when it happened. */
  of(key: string): Promise<number> {
    const time = this.#happened.get(key)?.shift();
    if (time !== undefined) return Promise.resolve(time);
    return new Promise((resolve) => {
      const others = this.#waiting.get(key);
      if (others === undefined) this.#waiting.set(key, [resolve]);
      else others.push(resolve);
    });
  }
}
