/** What the benchmark measures, section by section. */
import { readManifest } from '../functions/manifest.ts';
import { measureColdStarts, type ColdStarts } from './cold-start.ts';
import { measureGrowth, type Growth } from './growth.ts';
import type { Machine } from './machine.ts';
import { measureMemory, type Memory } from './memory.ts';
import { measureSending, sendingSteps, type Sending } from './sending.ts';
import type { Sizes } from './sizes.ts';
import type { Run } from './testbed.ts';
import { measureRecording, type RecordingThroughput } from './throughput.ts';
import { measureWork, type AllWork } from './work.ts';

/** What was found. A section that was not asked for is absent. */
export interface Findings {
  readonly recording?: readonly RecordingThroughput[];
  readonly sending?: Sending;
  readonly growth?: readonly Growth[];
  readonly memory?: readonly Memory[];
  readonly work?: AllWork;
  readonly coldStarts?: ColdStarts;
}

/** The findings, where and when. */
export interface Report extends Findings {
  readonly machine: Machine;
  /** Year, month, day. */
  readonly date: string;
  /** Whether it was a run with small sizes, whose figures are less sure. */
  readonly quick: boolean;
  /** In minutes. */
  readonly took: number;
}

export const sections = ['recording', 'sending', 'growth', 'memory', 'work', 'cold-starts'] as const;
export type Section = (typeof sections)[number];

/** How many steps a section takes; each of them is told. */
export function stepsOf(section: Section, { recording, sending, growth, coldStarts }: Sizes): number {
  switch (section) {
    case 'recording':
      return recording.rounds;
    case 'sending':
      return sendingSteps(sending);
    case 'growth':
      return growth.stored.length;
    case 'memory':
      // Purchases keep two functions busy at the same time.
      return (readManifest().functions.length - 1) * 10;
    case 'work':
      return 4;
    case 'cold-starts':
      return coldStarts.runs;
  }
}

export async function measure(section: Section, run: Run, sizes: Sizes): Promise<Findings> {
  switch (section) {
    case 'recording':
      return { recording: await measureRecording(run, sizes.recording) };
    case 'sending':
      return { sending: await measureSending(run, sizes.sending) };
    case 'growth':
      return { growth: await measureGrowth(run, sizes.growth) };
    case 'memory':
      return { memory: await measureMemory(run, sizes.memory) };
    case 'work':
      return { work: await measureWork(run, sizes.work) };
    case 'cold-starts':
      return { coldStarts: await coldStartsIn(run, sizes) };
  }
}

function coldStartsIn({ archive, onStep, interrupted }: Run, { coldStarts }: Sizes): Promise<ColdStarts> {
  const ended = new AbortController();
  interrupted.catch((reason: unknown) => {
    ended.abort(reason);
  });
  const { signal } = ended;
  return measureColdStarts({ runs: coldStarts.runs, folder: archive, onProgress: onStep, signal });
}
