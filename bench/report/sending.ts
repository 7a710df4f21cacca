import * as Plot from '@observablehq/plot';
import type { Latency, Sending } from '../sending.ts';
import { colours, drawn } from './plot.ts';
import { count, figure, percent, spread, table } from './words.ts';

export function sendingPart({ throughput, latency }: Sending): string {
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

export function latencyPlot({ latency }: Sending): string {
  const data = latency.flatMap(({ load, from, percentiles }) =>
    Object.entries(percentiles).map(([name, time]) => ({
      name,
      time: time as number,
      case: `${from}, ${load === 'idle' ? 'one at a time' : 'at half the rate'}`,
    })),
  );
  return drawn('From a purchase to the acceptance of its email', {
    height: 60 + latency.length * 66,
    marginRight: 210,
    x: { label: 'ms', grid: true },
    y: { label: null },
    fy: { label: null },
    color: { domain: ['p50', 'p95', 'p99'], range: [colours.leaf, colours.citrus, colours.berry] },
    marks: [Plot.barX(data, { x: 'time', y: 'name', fy: 'case', fill: 'name', rx: 2 }), Plot.ruleX([0])],
  });
}
