import * as Plot from '@observablehq/plot';
import type { Recording } from '../recording.ts';
import { count, figure, percent, ratio, spread, table } from './format.ts';
import { colours, drawn } from './plot.ts';

/** The target for the rate, as a share of the baseline. */
const TARGET = 0.7;

export function recordingPart(cells: readonly Recording[]): string {
  const rows = cells.map((cell) => [
    `${cell.inFlight}`,
    count(cell.customers),
    figure(cell.baseline.median),
    figure(cell.empty.median),
    figure(cell.pushed.median),
    spread(cell.ratio, ratio),
    spread(cell.ratioToBoth, ratio),
    spread(cell.cpu),
    percent(cell.benchmarkLoad),
  ]);
  const head = [
    'In flight',
    'Customers',
    'Baseline',
    'Empty',
    'Pushed',
    'Pushed by baseline',
    'by both',
    'CPU (ms)',
    'Benchmark',
  ];
  return `## Purchases recorded a second

- Baseline: a client that makes the same commits and does nothing else.
- Empty: a function that does nothing, called as Pub/Sub calls it.
- Pushed: \`recordTransaction\`, called in the same way.
- By both: compared with the rate at which a purchase takes the time of an empty call and of a commit of the baseline.
- CPU: of the function's process, for a purchase.
- Benchmark: the share of a core that the benchmark itself uses while it pushes.

${table(head, rows)}

${targetReached(cells)} ${hotCustomer(cells)}

![Purchases recorded a second](plots/recording.svg)`;
}

function targetReached(cells: readonly Recording[]): string {
  const reached = cells.filter(({ ratio: share }) => share.median >= TARGET).length;
  return `${reached} of ${cells.length} combinations reach at least ${ratio(TARGET)} of the baseline.`;
}

/** One customer beside a thousand, with the same number in flight. */
function hotCustomer(cells: readonly Recording[]): string {
  const pairs = cells
    .filter(({ customers }) => customers === 1)
    .flatMap(({ inFlight, pushed }) => {
      const many = cells.find((other) => other.inFlight === inFlight && other.customers === 1_000);
      return many === undefined
        ? []
        : [`${ratio(pushed.median / many.pushed.median)} with ${inFlight} in flight`];
    });
  return `When one customer makes all purchases, the rate by that of a thousand customers is ${pairs.join(', ')}.`;
}

export function recordingPlot(cells: readonly Recording[]): string {
  const ways = ['baseline', 'pushed'] as const;
  const data = cells.flatMap((cell) =>
    ways.map((way) => ({
      way,
      rate: cell[way].median,
      cell: `${cell.inFlight} in flight, ${count(cell.customers)} ${cell.customers === 1 ? 'customer' : 'customers'}`,
    })),
  );
  return drawn('Purchases recorded a second', {
    height: 60 + cells.length * 50,
    marginLeft: 80,
    marginRight: 210,
    x: { label: 'purchases a second', grid: true, tickFormat: count },
    y: { label: null, domain: [...ways] },
    fy: { label: null, domain: [...new Set(data.map(({ cell }) => cell))] },
    color: { domain: [...ways], range: [colours.ink, colours.leaf] },
    marks: [Plot.barX(data, { x: 'rate', y: 'way', fy: 'cell', fill: 'way', rx: 2 }), Plot.ruleX([0])],
  });
}
