/** All that the core takes from outside. With a virtual clock, the same calls give the same results. */
export interface Environment {
  /** Milliseconds since 1970. */
  now(): number;
  /** Runs the action once, in `ms` milliseconds. @returns a function that cancels it. */
  after(ms: number, action: () => void): () => void;
}

/** The clock and the timers of this machine. */
export const systemEnvironment: Environment = {
  now: Date.now,
  after(ms, action) {
    const timer = setTimeout(action, ms);
    return () => clearTimeout(timer);
  },
};
