/** The sections of the benchmark. */
import { availableParallelism, cpus, totalmem } from 'node:os';
import { readManifest } from '../functions/manifest.ts';
import { measureColdStarts, type ColdStart } from './cold-start.ts';
import { measureMemory, SAMPLES, type Memory } from './memory.ts';
import { measureRecording, type Recording } from './recording.ts';
import { measureSending, type Sending } from './sending.ts';
import type { Sizes } from './sizes.ts';
import type { Run } from './testbed.ts';

/** A section that was not measured is absent. */
export interface Findings {
  readonly recording?: readonly Recording[];
  readonly sending?: Sending;
  readonly memory?: readonly Memory[];
  readonly coldStarts?: readonly ColdStart[];
}

/** Where the benchmark runs, without its name. */
interface Machine {
  readonly cores: number;
  readonly processor: string;
  /** In GB. */
  readonly memory: number;
  readonly node: string;
}

export interface Report extends Findings {
  readonly machine: Machine;
  /** Year, month, day. */
  readonly date: string;
  /** Whether the sizes were small, and the figures less precise. */
  readonly quick: boolean;
  /** In minutes. */
  readonly took: number;
}

interface Section {
  /** How often `measure` calls `onStep`. */
  readonly steps: (sizes: Sizes) => number;
  readonly measure: (run: Run, sizes: Sizes) => Promise<Findings>;
}

/** By the name that `--only` takes. */
export const sections: Readonly<Record<string, Section>> = {
  recording: {
    steps: ({ recording }) => recording.rounds,
    measure: async (run, sizes) => ({ recording: await measureRecording(run, sizes.recording) }),
  },
  sending: {
    steps: ({ sending }) => sending.rounds + 2,
    measure: async (run, sizes) => ({ sending: await measureSending(run, sizes.sending) }),
  },
  memory: {
    // Purchases keep two functions busy at the same time.
    steps: () => (readManifest().functions.length - 1) * SAMPLES,
    measure: async (run, sizes) => ({ memory: await measureMemory(run, sizes.memory) }),
  },
  'cold-start': {
    steps: ({ coldStart }) => coldStart.runs,
    measure: async (run, sizes) => ({ coldStarts: await measureColdStarts(run, sizes.coldStart) }),
  },
};

export function thisMachine(): Machine {
  return {
    cores: availableParallelism(),
    processor: cpus()[0]?.model.trim() ?? 'unknown',
    memory: Math.round(totalmem() / 1024 ** 3),
    node: process.versions.node,
  };
}
