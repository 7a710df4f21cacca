/** Pseudorandom numbers, the same in every run. */
export class Random {
  #state: bigint;

  constructor(seed: number) {
    this.#state = BigInt(seed);
  }

  /** The next whole number from 0 to below `limit`: a linear congruential generator (Knuth's MMIX, upper 32 bits). */
  below(limit: number): number {
    this.#state = BigInt.asUintN(64, this.#state * 6364136223846793005n + 1442695040888963407n);
    return Number(this.#state >> 32n) % limit;
  }

  /** @throws RangeError when there are no choices. */
  oneOf<T>(choices: readonly T[]): T {
    const index = this.below(choices.length);
    if (index in choices) return choices[index] as T;
    throw new RangeError('There is nothing to choose from.');
  }
}
