/** All that the core takes from outside: with a virtual clock, it plays the same again. */
export interface Environment {
  /** Milliseconds since 1970. */
  now(): number;
  /** Runs the action once after `ms`, unless the function that it returns is called before. */
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
