/** How much memory each function takes under load, and whether that grows with what it has done. */
import { Caller } from './caller.ts';
import { Inspector, type Usage } from './inspector.ts';
import { closedLoop } from './load.ts';
import { slopeOf } from './statistics.ts';
import { withTestbed, type Run, type Testbed } from './testbed.ts';
import { concurrencyOf, trafficOf, type Traffic } from './traffic.ts';

/** What V8 allows itself for old objects in a container of 512 MB: half of it. In MB. */
const HEAP_LIMIT = 256;

/** How often memory is looked at on the way. */
const SAMPLES = 10;

export interface MemorySizes {
  /** How many events each function gets. */
  readonly events: Readonly<Record<string, number>>;
}

interface MemorySample {
  readonly events: number;
  /** In MB: of the whole process as it went, and what is used when garbage is gone. */
  readonly rss: number;
  readonly heap: number;
}

/** In MB. */
export interface Memory {
  readonly functionName: string;
  /** What the events were. */
  readonly unit: string;
  readonly events: number;
  /** The most that the process ever took. */
  readonly peak: number;
  readonly samples: readonly MemorySample[];
  /** By how much what is used has grown over the second half of the events. */
  readonly growth: number;
}

/** A step is a tenth of the traffic of a function. */
export async function measureMemory(run: Run, { events }: MemorySizes): Promise<Memory[]> {
  const functions = Object.keys(events);
  const nodeOptions = [`--max-old-space-size=${HEAP_LIMIT}`];
  return withTestbed(run, { functions, nodeOptions }, async (testbed) => {
    const found: Memory[] = [];
    for (const traffic of trafficOf(testbed)) {
      const count = events[traffic.functionName];
      if (count !== undefined) found.push(...(await memoryUnder(traffic, count, testbed, run.onStep)));
    }
    return found;
  });
}

async function memoryUnder(
  traffic: Traffic,
  events: number,
  { stack }: Testbed,
  onStep: () => void,
): Promise<Memory[]> {
  const {
    functionName,
    busy,
    events: unit,
    eventsInCall,
    call,
    inFlight = concurrencyOf(functionName),
  } = traffic;
  const caller = new Caller(stack.process(functionName).url);
  const inspectors = await Promise.all(busy.map((name) => Inspector.attach(stack.process(name))));
  const samples: MemorySample[][] = inspectors.map(() => []);
  const calls = Math.ceil(events / eventsInCall / SAMPLES);
  for (let sample = 0; sample < SAMPLES; sample += 1) {
    await closedLoop(calls, inFlight, (index) => caller.post(call(sample * calls + index)));
    await stack.eventarc.idle();
    const done = (sample + 1) * calls * eventsInCall;
    for (const [index, inspector] of inspectors.entries()) {
      const { rss } = await inspector.usage();
      const { heap } = await inspector.usageWithoutGarbage();
      samples[index]?.push({ events: done, rss: megabytes(rss), heap: megabytes(heap) });
    }
    onStep();
  }
  const usages = await Promise.all(inspectors.map((inspector) => inspector.usage()));
  caller.close();
  for (const inspector of inspectors) inspector.close();
  return busy.map((name, index) => memoryOf(name, unit, samples[index] ?? [], usages[index]));
}

function memoryOf(
  functionName: string,
  unit: string,
  samples: readonly MemorySample[],
  usage: Usage | undefined,
): Memory {
  const later = samples.slice(samples.length / 2);
  const [middle, end] = [later.at(0)?.events ?? 0, later.at(-1)?.events ?? 0];
  return {
    functionName,
    unit,
    events: end,
    peak: megabytes(usage?.peakRss ?? NaN),
    samples,
    growth: slopeOf(later.map(({ events: x, heap: y }) => ({ x, y }))) * (end - middle),
  };
}

function megabytes(bytes: number): number {
  return bytes / 1024 ** 2;
}
