import { Run, type Fault } from './run.ts';

/** The runs that are under way. */
export class Runs {
  #going: Run[] = [];

  /** @param now epoch milliseconds. */
  async begin(now: number, story: (run: Run) => Promise<void>, acknowledge: () => void): Promise<Run> {
    const run = new Run(now);
    this.#going.push(run);
    await run.begin(() => story(run), acknowledge);
    return run;
  }

  /** Counts back from the latest, round and round; undefined when nothing is under way. */
  chosen(pick: number): Run | undefined {
    return this.#going.toReversed()[pick % this.#going.length];
  }

  /** Lets a run make some calls, the first of which may fail. */
  async advance(run: Run | undefined, calls: number, fault?: Fault): Promise<void> {
    for (let call = 0; call < calls; call += 1) await run?.advance(call === 0 ? fault : undefined);
    this.#forgetEnded();
  }

  /** All go on to their ends, truly at the same time. */
  async finish(): Promise<void> {
    await Promise.all(this.#going.map((run) => run.finish()));
    this.#forgetEnded();
  }

  crash(runs: readonly Run[]): void {
    for (const run of runs) run.crash();
    this.#forgetEnded();
  }

  /** @param time epoch milliseconds. */
  startedBefore(time: number): readonly Run[] {
    return this.#going.filter(({ startedAt }) => startedAt < time);
  }

  #forgetEnded(): void {
    this.#going = this.#going.filter(({ isGoing }) => isGoing);
  }
}
