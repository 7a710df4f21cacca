import * as Plot from '@observablehq/plot';
import type { RecordingThroughput } from '../throughput.ts';
import { colours, drawn, inWhole } from './plot.ts';
import { count, figure, percent, ratio, spread, table } from './words.ts';

/** The share of the floor that is aimed at. */
const AIM = 0.7;

export function recordingPart(found: readonly RecordingThroughput[]): string {
  const rows = found.map((cell) => [
    `${cell.inFlight}`,
    count(cell.customers),
    figure(cell.floor.median),
    figure(cell.empty.median),
    figure(cell.pushed.median),
    spread(cell.ratio, ratio),
    spread(cell.ratioToBoth, ratio),
    figure(cell.published.median),
    percent(cell.benchmarkLoad.pushed),
  ]);
  const head = [
    'In flight',
    'Customers',
    'Floor',
    'Empty',
    'Pushed',
    'Pushed by floor',
    'by both',
    'Published',
    'Benchmark',
  ];
  return `## Purchases recorded, a second

The floor is a client that makes the same commits and does nothing else. Empty: a function that does nothing is called as Pub/Sub
calls it. Pushed: the function that records is called in that way. By both: beside the rate that would be left if each purchase
took the time of an empty call and of a commit of the floor. Published: through the emulator of Pub/Sub, which holds
every message back for some 10 to 40 ms. Benchmark: how much of a core it took itself while it pushed.

${table(head, rows)}

${besideTheFloor(found)} ${hotCustomer(found)}

![Purchases recorded a second](plots/recording.svg)`;
}

/** How many combinations reach the aim. */
function besideTheFloor(found: readonly RecordingThroughput[]): string {
  const reached = found.filter(({ ratio: share }) => share.median >= AIM).length;
  return `At least ${ratio(AIM)} of the floor is reached in ${reached} of ${found.length} combinations.`;
}

/** One customer beside a thousand, at the same number in flight. */
function hotCustomer(found: readonly RecordingThroughput[]): string {
  const pairs = found
    .filter(({ customers }) => customers === 1)
    .flatMap(({ inFlight, pushed }) => {
      const many = found.find((other) => other.inFlight === inFlight && other.customers === 1_000);
      return many === undefined
        ? []
        : [`${ratio(pushed.median / many.pushed.median)} of the rate with ${inFlight} in flight`];
    });
  return `Beside a thousand customers, one who does all the buying is recorded at ${pairs.join(', ')}.`;
}

export function recordingPlot(found: readonly RecordingThroughput[]): string {
  const ways = ['floor', 'pushed', 'published'] as const;
  const data = found.flatMap((cell) =>
    ways.map((way) => ({
      way,
      rate: cell[way].median,
      cell: `${cell.inFlight} in flight, ${inWhole(cell.customers)} ${cell.customers === 1 ? 'customer' : 'customers'}`,
    })),
  );
  return drawn('Purchases recorded a second', {
    height: 60 + found.length * 66,
    marginLeft: 80,
    marginRight: 210,
    x: { label: 'purchases a second', grid: true, tickFormat: inWhole },
    y: { label: null, domain: [...ways] },
    fy: { label: null, domain: [...new Set(data.map(({ cell }) => cell))] },
    color: { domain: [...ways], range: [colours.ink, colours.leaf, colours.citrus] },
    marks: [Plot.barX(data, { x: 'rate', y: 'way', fy: 'cell', fill: 'way', rx: 2 }), Plot.ruleX([0])],
  });
}
