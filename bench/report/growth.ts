import * as Plot from '@observablehq/plot';
import type { Growth } from '../growth.ts';
import { colours, drawn, inWhole } from './plot.ts';
import { count, figure, ratio, table } from './words.ts';

export function growthPart(found: readonly Growth[]): string {
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

export function growthPlot(found: readonly Growth[]): string {
  const names = { floor: 'floor', recorded: 'recorded', accepted: 'email accepted' } as const;
  const kinds = Object.keys(names) as (keyof typeof names)[];
  const data = kinds.flatMap((kind) =>
    found.map((level) => ({ kind: names[kind], stored: level.stored, ...level[kind] })),
  );
  return drawn('A purchase by the customers stored: median and 95th percentile', {
    marginRight: 120,
    x: {
      label: 'customers stored',
      tickFormat: inWhole,
      ticks: found.map(({ stored }) => stored),
      type: 'sqrt',
    },
    y: { label: 'ms', grid: true, zero: true },
    color: { domain: Object.values(names), range: [colours.ink, colours.leaf, colours.berry] },
    marks: [
      Plot.areaY(data, { x: 'stored', y1: 'p50', y2: 'p95', fill: 'kind', fillOpacity: 0.15 }),
      Plot.lineY(data, { x: 'stored', y: 'p50', stroke: 'kind', strokeWidth: 2, marker: true }),
      Plot.text(
        data,
        Plot.selectLast({
          x: 'stored',
          y: 'p50',
          z: 'kind',
          text: 'kind',
          fill: 'kind',
          dx: 8,
          textAnchor: 'start',
        }),
      ),
    ],
  });
}
