import * as Plot from '@observablehq/plot';
import type { Latency, Sending } from '../sending.ts';
import { count, figure, spread, table } from './format.ts';
import { colours, drawn } from './plot.ts';

export function sendingPart({ throughput, latency }: Sending): string {
  const rows = throughput.map(({ inFlight, customers, emails, cpu }) => [
    `${inFlight}`,
    count(customers),
    spread(emails),
    spread(cpu.recordTransaction),
    spread(cpu.targetCustomer),
  ]);
  const head = ['In flight', 'Customers', 'Emails', 'CPU (ms): recordTransaction', 'targetCustomer'];
  return `## Emails sent a second

Each purchase is pushed and earns an email, and is done when SendGrid has accepted it. CPU is that of each function's process for
one purchase.

${table(head, rows)}

From the push of a purchase to SendGrid's acceptance of its email, in ms:

${table(['Load', 'Purchases', 'p50', 'p95', 'p99'], latency.map(latencyRow))}

![Time from a purchase to its email](plots/latency.svg)`;
}

function latencyRow(latency: Latency): string[] {
  const { p50, p95, p99 } = latency.percentiles;
  return [loadOf(latency), count(latency.count), ...[p50, p95, p99].map(figure)];
}

function loadOf({ rate }: Latency): string {
  return rate === undefined ? 'one at a time' : `half of the sustained rate, ${figure(rate)} a second`;
}

export function latencyPlot({ latency }: Sending): string {
  const data = latency.flatMap((one) =>
    Object.entries(one.percentiles).map(([name, time]) => ({
      name,
      time: time as number,
      load: loadOf(one),
    })),
  );
  return drawn('From a purchase to the acceptance of its email', {
    height: 60 + latency.length * 66,
    marginRight: 260,
    x: { label: 'ms', grid: true },
    y: { label: null },
    fy: { label: null },
    color: { domain: ['p50', 'p95', 'p99'], range: [colours.leaf, colours.citrus, colours.berry] },
    marks: [Plot.barX(data, { x: 'time', y: 'name', fy: 'load', fill: 'name', rx: 2 }), Plot.ruleX([0])],
  });
}
