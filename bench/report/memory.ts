import * as Plot from '@observablehq/plot';
import { readManifest } from '../../functions/manifest.ts';
import type { Memory } from '../memory.ts';
import { count, figure, percent, table } from './format.ts';
import { colours, drawn } from './plot.ts';

export function memoryPart(measured: readonly Memory[]): string {
  const deployed = new Map(
    readManifest().functions.map(({ name, availableMemoryMb }) => [name, availableMemoryMb]),
  );
  const rows = measured.map(({ functionName, events, unit, peak, samples, growth }) => [
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

Peak and end are of the whole process; in use is what remains after a garbage collection. Growth is how much more is in use
at the end than after half of the events, by a straight line through the samples between.

${table(head, rows)}

![Memory by events handled](plots/memory.svg)`;
}

export function memoryPlot(measured: readonly Memory[]): string {
  const data = measured.flatMap(({ functionName, samples }) =>
    samples.flatMap(({ events, rss, heap }) => [
      { functionName, events, kind: 'process', memory: rss },
      { functionName, events, kind: 'in use', memory: heap },
    ]),
  );
  const most = new Map(measured.map(({ functionName, events }) => [functionName, events]));
  return drawn('Memory of the process (green), and in use without garbage (orange)', {
    height: 90 + measured.length * 90,
    marginRight: 210,
    x: { label: 'events handled, of all', tickFormat: '%', domain: [0, 1] },
    y: { label: 'MB', grid: true, zero: true, ticks: 3 },
    fy: { label: null, domain: [...most.keys()] },
    color: { domain: ['process', 'in use'], range: [colours.leaf, colours.citrus] },
    marks: [
      Plot.lineY(data, {
        x: ({ functionName, events }: { functionName: string; events: number }) =>
          events / (most.get(functionName) ?? 1),
        y: 'memory',
        fy: 'functionName',
        stroke: 'kind',
        strokeWidth: 2,
      }),
      Plot.ruleY([0]),
    ],
  });
}
