/** How much memory each function takes under load, and whether that grows with what it has done. */
import { Caller, type Call } from './caller.ts';
import { Inspector, type Usage } from './inspector.ts';
import { closedLoop } from './load.ts';
import { slopeOf } from './statistics.ts';
import { withTestbed, type Run, type Testbed } from './testbed.ts';
import { concurrencyOf, shops, trafficOf, type Shop, type Traffic } from './traffic.ts';

/** How often something is delivered that is refused each time. */
const ATTEMPTS = 10;

/** How often memory is looked at on the way. */
const SAMPLES = 10;

export interface MemorySizes {
  /** How many events each function gets; some more, when they come many at a time. */
  readonly events: number;
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

/** A step is a tenth of the traffic of a function. Memory does not mind who else is busy: the shops are open at once. */
export async function measureMemory(run: Run, { events }: MemorySizes): Promise<Memory[]> {
  const failure = Promise.withResolvers<never>();
  const interrupted = Promise.race([run.interrupted, failure.promise]);
  // Nobody may be waiting for it yet.
  interrupted.catch(() => undefined);
  const found = await Promise.allSettled(
    shops.map(async (shop) => {
      try {
        return await memoryIn(shop, { ...run, interrupted }, events);
      } catch (error) {
        failure.reject(error);
        throw error;
      }
    }),
  );
  return found.flatMap((shop) => {
    if (shop.status === 'rejected') throw shop.reason;
    return shop.value;
  });
}

async function memoryIn({ customers, busy, beside }: Shop, run: Run, events: number) {
  return withTestbed(run, { functions: [...busy, ...beside] }, async (testbed) => {
    const found: Memory[] = [];
    for (const traffic of trafficOf(testbed, customers)) {
      if (beside.includes(traffic.functionName)) await send(traffic, 0, customers, testbed);
      else if (busy.includes(traffic.functionName))
        found.push(...(await memoryUnder(traffic, events, testbed, run.onStep)));
    }
    return found;
  });
}

async function memoryUnder(
  traffic: Traffic,
  events: number,
  testbed: Testbed,
  onStep: () => void,
): Promise<Memory[]> {
  const { busy, events: unit, eventsInCall } = traffic;
  const inspectors = await Promise.all(busy.map((name) => Inspector.attach(testbed.stack.process(name))));
  const samples: MemorySample[][] = inspectors.map(() => []);
  const calls = Math.ceil(events / eventsInCall / SAMPLES);
  for (let sample = 0; sample < SAMPLES; sample += 1) {
    await send(traffic, sample * calls, calls, testbed);
    const done = (sample + 1) * calls * eventsInCall;
    for (const [index, inspector] of inspectors.entries()) {
      const { rss } = await inspector.usage();
      const { heap } = await inspector.usageWithoutGarbage();
      samples[index]?.push({ events: done, rss: megabytes(rss), heap: megabytes(heap) });
    }
    onStep();
  }
  const usages = await Promise.all(inspectors.map((inspector) => inspector.usage()));
  for (const inspector of inspectors) inspector.close();
  return busy.map((name, index) => memoryOf(name, unit, samples[index] ?? [], usages[index]));
}

/** Makes so many calls from one on, and waits until all that follows from them is done. */
async function send(
  { functionName, call, inFlight = concurrencyOf(functionName) }: Traffic,
  first: number,
  count: number,
  { stack }: Testbed,
): Promise<void> {
  const caller = new Caller(stack.process(functionName).url);
  try {
    await closedLoop(count, inFlight, (index) => delivered(caller, call(first + index)));
    await stack.eventarc.idle();
  } finally {
    caller.close();
  }
}

/** What is refused is delivered again, as Pub/Sub and SendGrid do it. */
async function delivered(caller: Caller, call: Call): Promise<void> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await caller.post(call);
    } catch (error) {
      if (attempt === ATTEMPTS) throw error;
    }
  }
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
