/** Memory of each function under load, and whether it grows with the number of events. */
import { postAll } from './http-load.ts';
import { slopeOf } from './statistics.ts';
import { withTestbed, type Run, type Testbed } from './testbed.ts';
import { shops, trafficOf, type Shop, type Traffic } from './traffic.ts';

/** How often memory is sampled. */
export const SAMPLES = 10;

export interface MemorySizes {
  /** Events for each function; rounded up to whole requests. */
  readonly events: number;
}

interface MemorySample {
  readonly events: number;
  /** Of the whole process, and what is in use after a garbage collection, in MB. */
  readonly rss: number;
  readonly heap: number;
}

/** In MB. */
export interface Memory {
  readonly functionName: string;
  /** What the events are. */
  readonly unit: string;
  readonly events: number;
  /** The most that the process ever had. */
  readonly peak: number;
  readonly samples: readonly MemorySample[];
  /** By how much the memory in use grows over the second half of the events. */
  readonly growth: number;
}

/** A step is one sample. */
export async function measureMemory(run: Run, { events }: MemorySizes): Promise<Memory[]> {
  const measured: Memory[] = [];
  for (const shop of shops) measured.push(...(await memoryIn(shop, run, events)));
  return measured;
}

async function memoryIn({ customers, busy, beside }: Shop, run: Run, events: number): Promise<Memory[]> {
  const options = { functions: [...busy, ...beside], collectGarbage: true };
  return withTestbed(run, options, async (testbed) => {
    const measured: Memory[] = [];
    for (const traffic of trafficOf(testbed, customers)) {
      if (beside.includes(traffic.functionName)) await send(traffic, 0, customers, testbed);
      else if (busy.includes(traffic.functionName))
        measured.push(...(await memoryUnder(traffic, events, testbed, run.onStep)));
    }
    return measured;
  });
}

async function memoryUnder(
  traffic: Traffic,
  events: number,
  testbed: Testbed,
  onStep: () => void,
): Promise<Memory[]> {
  const { busy, unit, eventsInCall } = traffic;
  const series = busy.map((functionName) => ({ functionName, samples: [] as MemorySample[], peak: 0 }));
  const calls = Math.ceil(events / eventsInCall / SAMPLES);
  for (let sample = 0; sample < SAMPLES; sample += 1) {
    await send(traffic, sample * calls, calls, testbed);
    const done = (sample + 1) * calls * eventsInCall;
    for (const each of series) {
      const { rss, heap, peakRss } = await testbed.usageOf(each.functionName);
      each.samples.push({ events: done, rss: megabytes(rss), heap: megabytes(heap) });
      each.peak = megabytes(peakRss);
    }
    onStep();
  }
  return series.map(({ functionName, samples, peak }) => ({
    functionName,
    unit,
    events: samples.at(-1)?.events ?? 0,
    peak,
    samples,
    growth: growthOf(samples),
  }));
}

/** Makes `count` calls, beginning with number `first`, and waits until all their consequences are done. */
async function send(
  { functionName, call, inFlight }: Traffic,
  first: number,
  count: number,
  { stack }: Testbed,
): Promise<void> {
  const calls = Array.from({ length: count }, (_, index) => call(first + index));
  await postAll(stack.process(functionName).url, calls, inFlight);
  await stack.eventarc.idle();
}

function growthOf(samples: readonly MemorySample[]): number {
  const later = samples.slice(samples.length / 2);
  const [middle, end] = [later.at(0)?.events ?? 0, later.at(-1)?.events ?? 0];
  return slopeOf(later.map(({ events: x, heap: y }) => ({ x, y }))) * (end - middle);
}

function megabytes(bytes: number): number {
  return bytes / 1024 ** 2;
}
