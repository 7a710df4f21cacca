import type { Fault } from './fault-modes.ts';
import { Run } from './run.ts';
import { presentTime, quiescence, runNextTimer } from './virtual-world.ts';

/** The longest time that a run waits for a timer of its own, in ms: the back-offs and the lock timeouts of Firestore. */
const LONGEST_WAIT = 60_000;

/** The runs that are under way. One call is made at a time. */
export class Runs {
  #running: Run[] = [];

  /** Starts a use case, which stops before its first call. */
  async begin(useCase: (run: Run) => Promise<void>, acknowledge: () => void): Promise<Run> {
    const run = new Run(presentTime());
    this.#running.push(run);
    run.begin(() => useCase(run), acknowledge);
    await this.settle();
    return run;
  }

  /** Counts back from the latest run, and starts over at the end; undefined when no run is under way. */
  chosen(pick: number): Run | undefined {
    return this.#running.toReversed()[pick % this.#running.length];
  }

  /** Lets a run make some calls, the first of which may fail. Where it waits for a timer, time passes until the next one. */
  async advance(run: Run | undefined, calls: number, fault?: Fault): Promise<void> {
    for (let call = 0; call < calls && run?.isRunning; call += 1) {
      if (!run.proceed(call === 0 ? fault : undefined)) runNextTimer(LONGEST_WAIT);
      await this.settle();
    }
  }

  /** Lets all runs finish, a call of each in turn. */
  async finish(): Promise<void> {
    while (this.#running.length > 0) {
      let anyProceeded = false;
      for (const run of this.#running) {
        if (!run.proceed()) continue;
        anyProceeded = true;
        await this.settle();
      }
      if (anyProceeded) continue;
      if (!runNextTimer(LONGEST_WAIT)) throw new Error('A use case waits for something other than a call.');
      await this.settle();
    }
  }

  kill(runs: readonly Run[]): void {
    for (const run of runs) run.kill();
    this.#removeEnded();
  }

  /** @param time epoch milliseconds. */
  startedBefore(time: number): readonly Run[] {
    return this.#running.filter(({ startedAt }) => startedAt < time);
  }

  /** Resolves when every run has stopped before a call, waits for a timer or has ended. */
  async settle(): Promise<void> {
    await quiescence();
    for (const run of this.#running) run.check();
    this.#removeEnded();
  }

  #removeEnded(): void {
    this.#running = this.#running.filter(({ isRunning }) => isRunning);
  }
}
