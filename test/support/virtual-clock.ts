import type { Environment } from '../../local/cloud/environment.ts';

interface Timer {
  readonly at: number;
  readonly action: () => void;
}

/** A clock that a test advances. Timers run in the order of their times, and those of one time in the order of their start. */
export class VirtualClock implements Environment {
  #now: number;
  readonly #timers = new Set<Timer>();

  /** @param now epoch milliseconds. */
  constructor(now = Date.UTC(2026, 0, 1)) {
    this.#now = now;
  }

  now(): number {
    return this.#now;
  }

  after(ms: number, action: () => void): () => void {
    const timer = { at: this.#now + ms, action };
    this.#timers.add(timer);
    return () => this.#timers.delete(timer);
  }

  advance(ms: number): void {
    const end = this.#now + ms;
    while (this.runNext(end));
    this.#now = end;
  }

  /** Advances to the next timer and runs it. False when there is none until the given time, in epoch ms. */
  runNext(until: number): boolean {
    let next: Timer | undefined;
    for (const timer of this.#timers) {
      if (timer.at <= until && (next === undefined || timer.at < next.at)) next = timer;
    }
    if (next === undefined) return false;
    this.#timers.delete(next);
    this.#now = Math.max(this.#now, next.at);
    next.action();
    return true;
  }
}
