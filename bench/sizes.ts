import type { GrowthSizes } from './growth.ts';
import type { MemorySizes } from './memory.ts';
import type { LatencySizes } from './sending.ts';
import type { ThroughputSizes } from './throughput.ts';
import type { WorkSizes } from './work.ts';

/** How much is measured. */
export interface Sizes {
  readonly recording: ThroughputSizes;
  readonly sending: ThroughputSizes & LatencySizes;
  readonly growth: GrowthSizes;
  readonly memory: MemorySizes;
  readonly work: WorkSizes;
  readonly coldStarts: { readonly runs: number };
}

const inFlight = [1, 8, 80];
const customers = [1, 1_000, 10_000];

/** Some forty minutes: what the committed report is made of. */
export const full: Sizes = {
  recording: { inFlight, customers, rounds: 7, roundLength: 0.8, warmUp: 14 },
  sending: { inFlight, customers, rounds: 3, roundLength: 1.5, warmUp: 10, idle: 200, busyFor: 20 },
  growth: { stored: [0, 100_000, 1_000_000], purchases: 300, warmUp: 3_000 },
  memory: { events: 100_000 },
  work: { rounds: 5, warmUp: 6, events: 1_000, batches: 10 },
  coldStarts: { runs: 10 },
};

/** Some six minutes, while something is being made faster. */
export const quick: Sizes = {
  recording: { inFlight, customers: [1, 1_000], rounds: 3, roundLength: 0.5, warmUp: 4 },
  sending: {
    inFlight: [1, 80],
    customers: [1, 1_000],
    rounds: 2,
    roundLength: 1,
    warmUp: 6,
    idle: 50,
    busyFor: 5,
  },
  growth: { stored: [0, 20_000], purchases: 100, warmUp: 1_000 },
  memory: { events: 2_000 },
  work: { rounds: 3, warmUp: 3, events: 300, batches: 4 },
  coldStarts: { runs: 3 },
};
