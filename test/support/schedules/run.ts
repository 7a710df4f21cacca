import { setImmediate as nextTurn } from 'node:timers/promises';
import { RetryableError } from '../../../functions/src/errors.ts';

/** How a call can fail: before it has had any effect, or after it has had all of it. */
export type Fault = 'refused' | 'answer-lost';

/** A call of a port that waits for its turn. */
interface Call {
  go(fault: Fault | undefined): void;
  /** When its effect is done, or it has failed. */
  readonly made: Promise<undefined>;
}

/**
 * One execution of a use case, which goes from one call of a port to the next only when told to. It stands still
 * between any two calls, which is where others overtake it, where time passes and where it may die: a process that
 * dies within a call dies, for everybody else, either before its effect or after it.
 */
export class Run {
  /** Epoch milliseconds. */
  readonly startedAt: number;
  readonly #waiting: Call[] = [];
  #state: 'going' | 'ended' | 'crashed' = 'going';
  #failure: unknown;

  constructor(startedAt: number) {
    this.startedAt = startedAt;
  }

  get isGoing(): boolean {
    return this.#state === 'going';
  }

  /** Tells a story up to its first call. What a run that ends well was given is acknowledged, as its last step. */
  async begin(story: () => Promise<void>, acknowledge: () => void): Promise<void> {
    const told = async () => {
      await story();
      await this.step(async () => acknowledge());
    };
    told().then(
      () => this.#end(),
      (error: unknown) => this.#end(error),
    );
    await nextTurn();
  }

  /** A call that waits until the run may go on. `canFail` is false for a port that promises never to throw. */
  async step<T>(effect: () => Promise<T>, { canFail } = { canFail: true }): Promise<T> {
    const turn = Promise.withResolvers<Fault | undefined>();
    const made = Promise.withResolvers<undefined>();
    this.#waiting.push({ go: turn.resolve, made: made.promise });
    const drawn = await turn.promise;
    const fault = canFail ? drawn : undefined;
    try {
      if (fault === 'refused') throw new RetryableError('A schedule refused this call.');
      const result = await effect();
      if (fault === 'answer-lost') throw new RetryableError('A schedule lost the answer to this call.');
      return result;
    } finally {
      made.resolve(undefined);
    }
  }

  /** Makes the next call, and stops before the one after. */
  async advance(fault?: Fault): Promise<void> {
    await this.#make(this.#waiting.splice(0, 1), fault);
  }

  /** Makes all calls there are, those that wait together at the same time. */
  async finish(): Promise<void> {
    while (this.isGoing) await this.#make(this.#waiting.splice(0));
  }

  /** Nothing more is heard of it. */
  crash(): void {
    this.#state = 'crashed';
    this.#waiting.length = 0;
  }

  /** Between two calls there are only promises, so that one turn of the event loop leads from one to the next. */
  async #make(calls: readonly Call[], fault?: Fault): Promise<void> {
    if (!this.isGoing) return;
    if (calls.length === 0) throw new Error('A use case waits for something that is no port.');
    for (const call of calls) call.go(fault);
    await Promise.all(calls.map(({ made }) => made));
    await nextTurn();
    if (this.#failure instanceof Error && !(this.#failure instanceof RetryableError)) throw this.#failure;
  }

  #end(failure?: unknown): void {
    if (this.isGoing) this.#state = 'ended';
    this.#failure = failure;
  }
}

/** The same port, each of whose calls is a step of the run. */
export function stepwise<P extends object>(port: P, run: Run): P {
  const calls = Object.entries(port) as [string, (...args: unknown[]) => Promise<unknown>][];
  return Object.fromEntries(
    calls.map(([name, call]) => [name, (...args: unknown[]) => run.step(() => call(...args))]),
  ) as P;
}
