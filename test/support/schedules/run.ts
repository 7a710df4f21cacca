import { setImmediate as nextTurn } from 'node:timers/promises';
import { RetryableError } from '../../../functions/src/errors.ts';

/** How a call can fail: before it has had any effect, or after it has had all of it. */
export type Fault = 'refused' | 'answer-lost';

/** A call of a port that waits for its turn. */
interface Call {
  proceed(fault: Fault | undefined): void;
  /** Resolves when its effect is done or it has failed. */
  readonly made: Promise<undefined>;
}

/**
 * One execution of a use case, which stops before each call of a port until the schedule lets it proceed. Between two
 * calls, other runs can overtake it, time can pass and the process can crash. A crash within a call is no case of its own:
 * to everything else it is a crash before the effect or after it.
 */
export class Run {
  /** Epoch milliseconds. */
  readonly startedAt: number;
  readonly #waiting: Call[] = [];
  #state: 'running' | 'ended' | 'crashed' = 'running';
  #failure: unknown;

  constructor(startedAt: number) {
    this.startedAt = startedAt;
  }

  get isRunning(): boolean {
    return this.#state === 'running';
  }

  /** Starts a use case and stops before its first call. A run that succeeds acknowledges its message as its last step. */
  async begin(useCase: () => Promise<void>, acknowledge: () => void): Promise<void> {
    const handled = async () => {
      await useCase();
      await this.step(async () => acknowledge());
    };
    handled().then(
      () => this.#end(),
      (error: unknown) => this.#end(error),
    );
    await nextTurn();
  }

  /** Makes a call once the run may proceed. `canFail` is false for a port that promises never to throw. */
  async step<T>(effect: () => Promise<T>, { canFail } = { canFail: true }): Promise<T> {
    const turn = Promise.withResolvers<Fault | undefined>();
    const made = Promise.withResolvers<undefined>();
    this.#waiting.push({ proceed: turn.resolve, made: made.promise });
    const chosen = await turn.promise;
    const fault = canFail ? chosen : undefined;
    try {
      if (fault === 'refused') throw new RetryableError('A schedule refused this call.');
      const result = await effect();
      if (fault === 'answer-lost') throw new RetryableError('A schedule lost the answer to this call.');
      return result;
    } finally {
      made.resolve(undefined);
    }
  }

  /** Makes the next call and stops before the one after it. */
  async advance(fault?: Fault): Promise<void> {
    await this.#make(this.#waiting.splice(0, 1), fault);
  }

  /** Makes all remaining calls; those that wait together are made at the same time. */
  async finish(): Promise<void> {
    while (this.isRunning) await this.#make(this.#waiting.splice(0));
  }

  /** Ends the run: it makes no further call. */
  crash(): void {
    this.#state = 'crashed';
    this.#waiting.length = 0;
  }

  /** Between two calls there are only promises, so that one turn of the event loop leads from one to the next. */
  async #make(calls: readonly Call[], fault?: Fault): Promise<void> {
    if (!this.isRunning) return;
    if (calls.length === 0) throw new Error('A use case waits for something other than a port.');
    for (const call of calls) call.proceed(fault);
    await Promise.all(calls.map(({ made }) => made));
    await nextTurn();
    if (this.#failure instanceof Error && !(this.#failure instanceof RetryableError)) throw this.#failure;
  }

  #end(failure?: unknown): void {
    if (this.isRunning) this.#state = 'ended';
    this.#failure = failure;
  }
}

/** The same port, with each call a step of the run. */
export function stepwise<P extends object>(port: P, run: Run): P {
  const calls = Object.entries(port) as [string, (...args: unknown[]) => Promise<unknown>][];
  return Object.fromEntries(
    calls.map(([name, call]) => [name, (...args: unknown[]) => run.step(() => call(...args))]),
  ) as P;
}
