import * as Plot from '@observablehq/plot';
import type { AllWork } from '../work.ts';
import { colours, drawn } from './plot.ts';
import { figure, percent, spread, table } from './words.ts';

/** Whose code takes the most, so many of them in words, and in the picture. */
const IN_WORDS = 10;
const IN_PICTURE = 7;

export function workPart({ work, rendering }: AllWork): string {
  const rows = work.map(({ event, functionName, cpu }) => [event, functionName, spread(cpu)]);
  const costs = work.map(
    ({ event, costs: all }) =>
      `### ${event}\n\n${table(
        ['Whose code', 'Share'],
        all.slice(0, IN_WORDS).map(({ place, share }) => [place, percent(share)]),
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

export function workPlot({ work }: AllWork): string {
  const groups = work.map(({ event, cpu, costs }) => {
    const others = costs.slice(IN_PICTURE).reduce((sum, { share }) => sum + share, 0);
    const shown = [...costs.slice(0, IN_PICTURE), { place: 'all others', share: others }];
    const bars = shown.map(({ place, share }) => ({ key: `${event}: ${place}`, place, share }));
    return { key: event, title: `${event}: ${cpu.median.toPrecision(2)} ms`, bars };
  });
  const bars = groups.flatMap((group) => group.bars);
  const keys = groups.flatMap(({ key, bars: below }) => [key, ...below.map((bar) => bar.key)]);
  return drawn('Whose code takes the CPU of an event', {
    height: 100 + keys.length * 21,
    marginLeft: 290,
    x: { label: 'share', grid: true, tickFormat: '%' },
    y: { label: null, axis: null, domain: keys },
    marks: [
      Plot.barX(bars, { x: 'share', y: 'key', fill: colours.leaf, rx: 2 }),
      Plot.text(bars, { x: 0, y: 'key', text: 'place', dx: -8, textAnchor: 'end' }),
      Plot.text(groups, { x: 0, y: 'key', text: 'title', dx: 4, textAnchor: 'start', fontWeight: 'bold' }),
      Plot.ruleX([0]),
    ],
  });
}
