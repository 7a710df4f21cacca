/**
 * Time, timers and random numbers of a process that plays schedules. Importing this module replaces `Date`, `setTimeout`,
 * `setImmediate`, `Math.random` and `randomBytes` for all code of the process, including the Firestore client, which keeps a reference to
 * `setTimeout`: it must be the first import of the process.
 */
import crypto from 'node:crypto';
import { setImmediate as nextTurn } from 'node:timers/promises';
import type { Environment } from '../../../local/cloud/environment.ts';
import { now as beginning } from '../transactions.ts';
import { VirtualClock } from '../virtual-clock.ts';

const MachineDate = Date;
const machineSetImmediate = setImmediate;
const machineClearImmediate = clearImmediate;

let clock = new VirtualClock(beginning);
let worldSeed = 0;
let random = randomNumbers(worldSeed);
/** Callbacks that wait for the next turn of the event loop. */
const immediates = new Set<NodeJS.Immediate>();
/** Calls that have been sent and not answered. */
let inFlight = 0;
/** Of these, commits that wait for the locks of a transaction. */
let blocked = 0;

/** Starts from the beginning, with random numbers that follow from the seed. */
export function resetWorld(seed: number): void {
  clock = new VirtualClock(beginning);
  worldSeed = seed;
  random = randomNumbers(worldSeed);
  blocked = 0;
  inFlight = 0;
}

/**
 * Begins another series of random numbers. Each call that a run makes begins one, so that its numbers do not depend on how
 * many the transport has drawn before.
 */
export function nextRandomNumbers(): void {
  worldSeed += 1;
  random = randomNumbers(worldSeed);
}

/** Epoch milliseconds. */
export function presentTime(): number {
  return clock.now();
}

/** Advances to the next timer and runs it. False when there is none within a duration, in ms. */
export function runNextTimer(within: number): boolean {
  return clock.runNext(clock.now() + within);
}

/** Advances the clock, while no timer is due. In ms. */
export function passTimeWithoutTimers(ms: number): void {
  clock.advance(ms);
}

/** Counts a call until it is answered. */
export async function whileInFlight<T>(call: Promise<T>): Promise<T> {
  inFlight += 1;
  try {
    return await call;
  } finally {
    inFlight -= 1;
  }
}

/** Resolves when nothing happens any more until a call is released or time passes. */
export async function quiescence(): Promise<void> {
  let ranTimer: boolean;
  do {
    await nextTurn();
    ranTimer = clock.runNext(clock.now());
  } while (ranTimer || immediates.size > 0 || inFlight > blocked);
}

/** Waits for something outside of all runs. No time passes. */
export async function finished<T>(promise: Promise<T>): Promise<T> {
  const state = { isPending: true };
  const end = promise.finally(() => (state.isPending = false));
  while (state.isPending) await quiescence();
  return end;
}

/** Clock and timers of the Firestore core, whose only timers are those of commits that wait for locks. */
export const coreEnvironment: Environment = {
  now: presentTime,
  after(ms, action) {
    blocked += 1;
    let isBlocked = true;
    const unblock = () => {
      if (isBlocked) blocked -= 1;
      isBlocked = false;
    };
    const cancel = clock.after(ms, () => {
      unblock();
      action();
    });
    return () => {
      unblock();
      cancel();
    };
  },
};

/** The generator of 32-bit states "mulberry32" by Tommy Ettinger. */
function randomNumbers(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d_2b_79_f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

class VirtualDate extends MachineDate {
  constructor(...given: unknown[]) {
    super(...((given.length === 0 ? [presentTime()] : given) as [number]));
  }

  static override now(): number {
    return presentTime();
  }
}

/** What `setTimeout` returns. A virtual timer never keeps the process alive. */
class VirtualTimeout {
  cancel: () => void = () => undefined;
  readonly #start: () => void;

  constructor(ms: number, action: () => void) {
    this.#start = () => {
      this.cancel = clock.after(Math.max(0, Math.ceil(ms)), action);
    };
    this.#start();
  }

  ref(): this {
    return this;
  }

  unref(): this {
    return this;
  }

  hasRef(): boolean {
    return false;
  }

  refresh(): this {
    this.cancel();
    this.#start();
    return this;
  }
}

function virtualSetImmediate(action: (...args: unknown[]) => void, ...args: unknown[]): NodeJS.Immediate {
  const immediate = machineSetImmediate(() => {
    immediates.delete(immediate);
    action(...args);
  });
  immediates.add(immediate);
  return immediate;
}

Object.assign(globalThis, {
  Date: VirtualDate,
  setTimeout: (action: (...args: unknown[]) => void, ms = 0, ...args: unknown[]) =>
    new VirtualTimeout(ms, () => action(...args)),
  clearTimeout: (timeout: unknown) => {
    if (timeout instanceof VirtualTimeout) timeout.cancel();
  },
  setImmediate: virtualSetImmediate,
  clearImmediate: (immediate: NodeJS.Immediate) => {
    immediates.delete(immediate);
    machineClearImmediate(immediate);
  },
});
Math.random = () => random();
// The Firestore client draws the IDs of its requests and of new documents from it.
Object.assign(crypto, {
  randomBytes: (size: number) => Buffer.from(Array.from({ length: size }, () => random() * 256)),
});
// Otherwise the client looks for the machine's own credentials.
process.env['METADATA_SERVER_DETECTION'] = 'none';
