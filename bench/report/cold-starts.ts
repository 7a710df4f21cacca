import * as Plot from '@observablehq/plot';
import type { ColdStart, ColdStarts } from '../cold-start.ts';
import { colours, drawn } from './plot.ts';
import { ratio, spread, table } from './words.ts';

export function coldStartPart({ functions, naive }: ColdStarts): string {
  const row = ({ name, time, bare, ratio: share }: ColdStart): string[] => [
    name,
    spread(time),
    spread(bare),
    ratio(share),
  ];
  return `## From the start of an instance to its first answer, in ms

Bare is a function that does nothing, under the same framework. The last one loads Firestore's client as it is installed, up front.
[Decision 14](../docs/adr/0014-cold-start.md) tells what was done about it.

${table(['Function', 'First answer', 'Bare', 'By bare'], [...functions, { ...naive, name: 'naive' }].map(row))}

![Time to the first answer](plots/cold-starts.svg)`;
}

export function coldStartPlot({ functions, naive }: ColdStarts): string {
  const data = [...functions, { ...naive, name: 'naive' }];
  return drawn('From start to first answer; grey: the framework alone', {
    height: 90 + data.length * 34,
    marginLeft: 210,
    x: { label: 'ms', grid: true },
    y: { label: null, domain: data.map(({ name }) => name) },
    marks: [
      Plot.barX(data, { x: ({ time }: ColdStart) => time.median, y: 'name', fill: colours.leaf, rx: 2 }),
      Plot.ruleX(data, {
        x: ({ bare }: ColdStart) => bare.median,
        y: 'name',
        stroke: '#b8b2a4',
        strokeWidth: 3,
      }),
      Plot.ruleX([0]),
    ],
  });
}
