import * as Plot from '@observablehq/plot';
import type { ColdStart } from '../cold-start.ts';
import { ratio, spread, table } from './format.ts';
import { colours, drawn } from './plot.ts';

export function coldStartPart(coldStarts: readonly ColdStart[]): string {
  const row = ({ name, time, bare, ratio: share }: ColdStart): string[] => [
    name,
    spread(time),
    spread(bare),
    ratio(share),
  ];
  return `## Cold start: from the start of an instance to its first answer, in ms

Bare is a function that does nothing, under the same framework. The naive function loads Firestore's client up front, as
installed. [Decision 14](../docs/adr/0014-cold-start.md) explains what shortens these times.

${table(['Function', 'First answer', 'Bare', 'By bare'], coldStarts.map(row))}

![Time to the first answer](plots/cold-starts.svg)`;
}

export function coldStartPlot(coldStarts: readonly ColdStart[]): string {
  return drawn('From start to first answer; grey: the framework alone', {
    height: 90 + coldStarts.length * 34,
    marginLeft: 210,
    x: { label: 'ms', grid: true },
    y: { label: null, domain: coldStarts.map(({ name }) => name) },
    marks: [
      Plot.barX(coldStarts, {
        x: ({ time }: ColdStart) => time.median,
        y: 'name',
        fill: colours.leaf,
        rx: 2,
      }),
      Plot.ruleX(coldStarts, {
        x: ({ bare }: ColdStart) => bare.median,
        y: 'name',
        stroke: '#b8b2a4',
        strokeWidth: 3,
      }),
      Plot.ruleX([0]),
    ],
  });
}
