import { Run, type Fault } from './run.ts';

/** The runs that are under way. */
export class Runs {
  #running: Run[] = [];

  /** @param now epoch milliseconds. */
  async begin(now: number, useCase: (run: Run) => Promise<void>, acknowledge: () => void): Promise<Run> {
    const run = new Run(now);
    this.#running.push(run);
    await run.begin(() => useCase(run), acknowledge);
    return run;
  }

  /** Counts back from the latest run, and starts over at the end; undefined when no run is under way. */
  chosen(pick: number): Run | undefined {
    return this.#running.toReversed()[pick % this.#running.length];
  }

  /** Lets a run make some calls, the first of which may fail. */
  async advance(run: Run | undefined, calls: number, fault?: Fault): Promise<void> {
    for (let call = 0; call < calls; call += 1) await run?.advance(call === 0 ? fault : undefined);
    this.#removeEnded();
  }

  /** Lets all runs finish, at the same time. */
  async finish(): Promise<void> {
    await Promise.all(this.#running.map((run) => run.finish()));
    this.#removeEnded();
  }

  crash(runs: readonly Run[]): void {
    for (const run of runs) run.crash();
    this.#removeEnded();
  }

  /** @param time epoch milliseconds. */
  startedBefore(time: number): readonly Run[] {
    return this.#running.filter(({ startedAt }) => startedAt < time);
  }

  #removeEnded(): void {
    this.#running = this.#running.filter(({ isRunning }) => isRunning);
  }
}
