/** The report as Markdown, which is also what the terminal shows. */
import { readManifest } from '../functions/manifest.ts';
import type { Growth } from './growth.ts';
import type { Machine } from './machine.ts';
import type { Memory } from './memory.ts';
import type { Report } from './sections.ts';
import type { Latency, Sending } from './sending.ts';
import type { RecordingThroughput } from './throughput.ts';
import { count, figure, percent, ratio, spread, table } from './words.ts';
import type { AllWork } from './work.ts';

/** Whose code takes the most, so many of them. */
const COSTS_SHOWN = 10;

export function markdownOf(report: Report): string {
  const parts = [
    introduction(report),
    report.recording && recordingPart(report.recording),
    report.sending && sendingPart(report.sending),
    report.growth && growthPart(report.growth),
    report.memory && memoryPart(report.memory),
    report.work && workPart(report.work),
  ];
  return `${parts.filter((part) => part !== undefined).join('\n\n')}\n`;
}

function introduction({ machine, date, took, quick }: Report): string {
  return `# What the functions take

Written by \`npm run bench${quick ? ' -- --quick' : ''}\` on ${date}, in ${took} minutes, on ${inWords(machine)}.
[performance.md](../docs/performance.md) says how each figure is measured and what follows from it.

The deployed files ran between the emulators of Firestore and Pub/Sub, on the same cores as these and as the benchmark.
Absolute figures say more about the machine than about the functions; ratios were taken in turns, within the same minute.`;
}

function inWords({ cores, processor, memory, node }: Machine): string {
  return `${cores} cores (${processor}) with ${memory} GB, Node ${node}`;
}

function recordingPart(found: readonly RecordingThroughput[]): string {
  const rows = found.map(({ inFlight, customers, floor, pushed, ratio: share, published, benchmarkLoad }) => [
    `${inFlight}`,
    count(customers),
    figure(floor.median),
    figure(pushed.median),
    spread(share, ratio),
    figure(published.median),
    percent(benchmarkLoad.pushed),
  ]);
  const head = ['In flight', 'Customers', 'Floor', 'Pushed', 'Pushed by floor', 'Published', 'Benchmark'];
  return `## Purchases recorded, a second

The floor is a client that makes the same commits and does nothing else. Pushed: the function is called as Pub/Sub calls it.
Published: through the emulator of Pub/Sub, which delivers no message sooner than some 40 ms later. Benchmark: how much of a
core it took itself while it pushed.

${table(head, rows)}

${hotCustomer(found)}

![Purchases recorded a second](plots/recording.svg)`;
}

/** One customer beside a thousand, at the same number in flight. */
function hotCustomer(found: readonly RecordingThroughput[]): string {
  const pairs = found
    .filter(({ customers }) => customers === 1)
    .flatMap(({ inFlight, pushed }) => {
      const many = found.find((other) => other.inFlight === inFlight && other.customers === 1_000);
      return many === undefined
        ? []
        : [`${ratio(pushed.median / many.pushed.median)} at ${inFlight} in flight`];
    });
  return `One customer who does all the buying is recorded as fast as a thousand times ${pairs.join(', ')}.`;
}

function sendingPart({ throughput, latency }: Sending): string {
  const rows = throughput.map(({ inFlight, customers, published, benchmarkLoad }) => [
    `${inFlight}`,
    count(customers),
    customers === 1 ? 'decided' : 'accepted',
    spread(published),
    percent(benchmarkLoad),
  ]);
  return `## Purchases published and their emails accepted, a second

Every purchase earns an email here, and is through when SendGrid has accepted it. One customer who does all the buying gets one
email; there, a purchase is through when that is decided.

${table(['In flight', 'Customers', 'Through when', 'A second', 'Benchmark'], rows)}

From a purchase to SendGrid's acceptance of the email that it earns, in ms:

${table(['Load', 'From', 'Purchases', 'p50', 'p95', 'p99'], latency.map(latencyRow))}

![Time from a purchase to its email](plots/latency.svg)`;
}

function latencyRow({
  load,
  from,
  rate,
  count: purchases,
  percentiles: { p50, p95, p99 },
}: Latency): string[] {
  const name = load === 'idle' ? 'one at a time' : `half of what it can do, ${figure(rate ?? NaN)} a second`;
  return [name, from, count(purchases), ...[p50, p95, p99].map(figure)];
}

function growthPart(found: readonly Growth[]): string {
  const [empty] = found;
  const rows = found.map(({ stored, floor, recorded, accepted }) => [
    count(stored),
    figure(floor.p50),
    figure(recorded.p50),
    ratio(recorded.p50 / floor.p50),
    ratio(recorded.p50 / (empty?.recorded.p50 ?? NaN)),
    figure(accepted.p50),
    ratio(accepted.p50 / (empty?.accepted.p50 ?? NaN)),
  ]);
  const head = [
    'Customers stored',
    'Floor',
    'Recorded',
    'by floor',
    'by empty',
    'Email accepted',
    'by empty',
  ];
  return `## One purchase, by how many customers there are

Median times in ms, one purchase at a time, from the push to the function's answer and to SendGrid's acceptance.

${table(head, rows)}

![Time of a purchase by customers stored](plots/growth.svg)`;
}

function memoryPart(found: readonly Memory[]): string {
  const deployed = new Map(
    readManifest().functions.map(({ name, availableMemoryMb }) => [name, availableMemoryMb]),
  );
  const rows = found.map(({ functionName, events, unit, peak, samples, growth }) => [
    functionName,
    `${count(events)} ${unit}`,
    figure(peak),
    figure(samples.at(-1)?.rss ?? NaN),
    figure(samples.at(-1)?.heap ?? NaN),
    figure(growth),
    `${deployed.get(functionName) ?? 'not deployed'}`,
    percent(1 - peak / (deployed.get(functionName) ?? NaN)),
  ]);
  const head = ['Function', 'After', 'Peak', 'At the end', 'In use', 'Growth', 'Deployed', 'Headroom'];
  return `## Memory, in MB

Peak and end are of the whole process, in use is what remains when garbage is collected. Growth is how much more is in
use at the end than in the middle, by a straight line through what lies between.

${table(head, rows)}

![Memory by events handled](plots/memory.svg)`;
}

function workPart({ work, rendering }: AllWork): string {
  const rows = work.map(({ event, functionName, cpu }) => [event, functionName, spread(cpu)]);
  const costs = work.map(
    ({ event, costs: all }) =>
      `### ${event}\n\n${table(
        ['Whose code', 'Share'],
        all.slice(0, COSTS_SHOWN).map(({ place, share }) => [place, percent(share)]),
      )}`,
  );
  return `## Work, in ms of CPU

${table(['Event', 'Function', 'CPU'], rows)}

Rendering is part of sending an email: ${figure(rendering.first)} ms for the first email of an instance, which parses the
templates, and ${figure(rendering.later)} ms for each later one.

Where the time goes, by a profile of V8; what a piece of code calls counts for what is called:

![Work by whose code does it](plots/work.svg)

${costs.join('\n\n')}`;
}
