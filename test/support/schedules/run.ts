import { RetryableError } from '../../../functions/src/errors.ts';
import type { Fault } from './fault-modes.ts';
import { nextRandomNumbers } from './virtual-world.ts';

/** A call to another service that waits for its turn. */
export interface Call {
  proceed(fault?: Fault): void;
}

/**
 * One execution of a use case, which stops before each call to Firestore, Analytics, SendGrid or Pub/Sub until the schedule
 * lets it proceed. Between two calls, other runs can overtake it, time can pass and the process can be killed. A kill within
 * a call is no case of its own: to everything else it is a kill before the effect or after it.
 */
export class Run {
  /** Epoch milliseconds. */
  readonly startedAt: number;
  /** Called when the run has ended and has left no call behind. */
  onEnd: () => void = () => undefined;
  #waiting: Call[] = [];
  #state: 'running' | 'ended' | 'killed' = 'running';
  #hadFault = false;
  #failure: Error | undefined;

  constructor(startedAt: number) {
    this.startedAt = startedAt;
  }

  get isRunning(): boolean {
    return this.#state === 'running';
  }

  /** Starts a use case. A run that succeeds acknowledges its message as its last step. */
  begin(useCase: () => Promise<void>, acknowledge: () => void): void {
    const handled = async () => {
      await useCase();
      await this.step(async () => acknowledge());
    };
    handled().then(
      () => this.#end(),
      (error: unknown) => this.#end(error as Error),
    );
  }

  /** Holds a call until it may proceed. After the run has ended or was killed, it never may. */
  hold(call: Call): void {
    if (this.isRunning) this.#waiting.push(call);
  }

  /** Makes a call other than to Firestore once the run may proceed. @param canFail false for a port that never throws. */
  step<T>(effect: () => Promise<T>, { canFail } = { canFail: true }): Promise<T> {
    return new Promise((resolve, reject) => {
      const make = async (fault: Fault | undefined) => {
        if (fault === 'refused') throw new RetryableError('A schedule refused this call.');
        const result = await effect();
        if (fault !== undefined) throw new RetryableError('A schedule lost the answer to this call.');
        return result;
      };
      this.hold({ proceed: (fault) => void make(canFail ? fault : undefined).then(resolve, reject) });
    });
  }

  /** Lets the call that has waited longest proceed. False when none waits. */
  proceed(fault?: Fault): boolean {
    const call = this.#waiting.shift();
    if (call === undefined) return false;
    if (fault !== undefined) this.#hadFault = true;
    nextRandomNumbers();
    call.proceed(fault);
    return true;
  }

  /** Cuts every pending and later call for good. */
  kill(): void {
    this.#state = 'killed';
    this.#waiting = [];
  }

  /** @throws what the use case threw, unless another attempt can help. */
  check(): void {
    if (this.#failure !== undefined && !(this.#failure instanceof RetryableError)) throw this.#failure;
  }

  #end(failure?: Error): void {
    if (!this.isRunning) return;
    this.#state = 'ended';
    this.#failure = failure;
    if (failure === undefined && !this.#hadFault && this.#waiting.length === 0) this.onEnd();
    this.#waiting = [];
  }
}
