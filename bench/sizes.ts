import type { ColdStartSizes } from './cold-start.ts';
import type { MemorySizes } from './memory.ts';
import type { LaneSizes } from './rounds.ts';
import type { LatencySizes } from './sending.ts';

/** How much is measured. */
export interface Sizes {
  readonly recording: LaneSizes;
  readonly sending: LaneSizes & LatencySizes;
  readonly memory: MemorySizes;
  readonly coldStart: ColdStartSizes;
}

const inFlight = [1, 8, 80];

/** For the committed report. */
export const full: Sizes = {
  recording: { inFlight, customers: [1, 1_000, 10_000], rounds: 7, roundLength: 0.8, warmUp: 14 },
  sending: {
    inFlight,
    customers: [1_000, 10_000],
    rounds: 5,
    roundLength: 1.5,
    warmUp: 10,
    idle: 200,
    busyFor: 20,
  },
  memory: { events: 100_000 },
  coldStart: { runs: 10 },
};

/** For development: a few minutes. */
export const quick: Sizes = {
  recording: { inFlight, customers: [1, 1_000], rounds: 3, roundLength: 0.5, warmUp: 4 },
  sending: { inFlight, customers: [1_000], rounds: 2, roundLength: 1, warmUp: 6, idle: 50, busyFor: 5 },
  memory: { events: 2_000 },
  coldStart: { runs: 3 },
};
