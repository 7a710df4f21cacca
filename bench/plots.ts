/// <reference lib="dom" />
import * as Plot from '@observablehq/plot';
import { parseHTML } from 'linkedom';
import type { Growth } from './growth.ts';
import type { Memory } from './memory.ts';
import type { Report } from './sections.ts';
import type { Sending } from './sending.ts';
import type { RecordingThroughput } from './throughput.ts';
import type { AllWork } from './work.ts';

/** The colours of the emails, on their own background: a picture does not know whether its page is dark. */
const colours = { paper: '#fbf7ef', ink: '#22302a', leaf: '#1f5c46', citrus: '#c9730b', berry: '#7b2346' };

/** Whose code is shown by name; the rest is summed up. */
const COSTS_SHOWN = 7;

/** The plots of a report by their names, as SVG. */
export function plotsOf({ recording, sending, growth, memory, work }: Report): Record<string, string> {
  return {
    ...(recording && { recording: recordingPlot(recording) }),
    ...(sending && { latency: latencyPlot(sending) }),
    ...(growth && { growth: growthPlot(growth) }),
    ...(memory && { memory: memoryPlot(memory) }),
    ...(work && { work: workPlot(work) }),
  };
}

function recordingPlot(found: readonly RecordingThroughput[]): string {
  const ways = ['floor', 'pushed', 'published'] as const;
  const data = found.flatMap((cell) =>
    ways.map((way) => ({
      way,
      rate: cell[way].median,
      cell: `${cell.inFlight} in flight, ${cell.customers.toLocaleString('en')} ${cell.customers === 1 ? 'customer' : 'customers'}`,
    })),
  );
  return drawn('Purchases recorded a second', {
    height: 60 + found.length * 66,
    marginLeft: 80,
    marginRight: 190,
    x: { label: 'purchases a second', grid: true, tickFormat: 's' },
    y: { label: null, domain: [...ways] },
    fy: { label: null, domain: [...new Set(data.map(({ cell }) => cell))] },
    color: { domain: [...ways], range: [colours.ink, colours.leaf, colours.citrus] },
    marks: [Plot.barX(data, { x: 'rate', y: 'way', fy: 'cell', fill: 'way', rx: 2 }), Plot.ruleX([0])],
  });
}

function latencyPlot({ latency }: Sending): string {
  const data = latency.flatMap(({ load, from, percentiles }) =>
    Object.entries(percentiles).map(([name, time]) => ({
      name,
      time: time as number,
      case: `${from}, ${load === 'idle' ? 'one at a time' : 'at half the rate'}`,
    })),
  );
  return drawn('From a purchase to the acceptance of its email', {
    height: 60 + latency.length * 66,
    marginRight: 190,
    x: { label: 'ms', grid: true },
    y: { label: null },
    fy: { label: null },
    color: { domain: ['p50', 'p95', 'p99'], range: [colours.leaf, colours.citrus, colours.berry] },
    marks: [Plot.barX(data, { x: 'time', y: 'name', fy: 'case', fill: 'name', rx: 2 }), Plot.ruleX([0])],
  });
}

function growthPlot(found: readonly Growth[]): string {
  const names = { floor: 'floor', recorded: 'recorded', accepted: 'email accepted' } as const;
  const kinds = Object.keys(names) as (keyof typeof names)[];
  const data = kinds.flatMap((kind) =>
    found.map((level) => ({ kind: names[kind], stored: level.stored, ...level[kind] })),
  );
  return drawn('A purchase by the customers stored: the median, and the span to the 95th percentile', {
    marginRight: 120,
    x: { label: 'customers stored', tickFormat: 's', ticks: found.map(({ stored }) => stored), type: 'sqrt' },
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

function memoryPlot(found: readonly Memory[]): string {
  const data = found.flatMap(({ functionName, samples }) =>
    samples.flatMap(({ events, rss, heap }) => [
      { functionName, events, kind: 'process', memory: rss },
      { functionName, events, kind: 'in use', memory: heap },
    ]),
  );
  const most = new Map(found.map(({ functionName, events }) => [functionName, events]));
  return drawn('Memory by the share of the events handled', {
    height: 90 + found.length * 90,
    marginRight: 190,
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

function workPlot({ work }: AllWork): string {
  const data = work.flatMap(({ event, cpu, costs }) => {
    const others = costs.slice(COSTS_SHOWN).reduce((sum, { share }) => sum + share, 0);
    return [...costs.slice(0, COSTS_SHOWN), { place: 'all others', share: others }].map(
      ({ place, share }) => ({
        event,
        place,
        time: share * cpu.median,
      }),
    );
  });
  return drawn('CPU of an event by whose code takes it', {
    height: 80 + work.length * (COSTS_SHOWN + 1) * 22,
    marginLeft: 220,
    marginRight: 290,
    x: { label: 'ms', grid: true },
    y: { label: null, axis: null },
    fy: { label: null },
    marks: [
      Plot.barX(data, { x: 'time', y: 'place', fy: 'event', fill: colours.leaf, rx: 2, sort: { y: '-x' } }),
      Plot.text(data, {
        x: 0,
        y: 'place',
        fy: 'event',
        text: 'place',
        dx: -6,
        textAnchor: 'end',
        fontSize: 11,
      }),
      Plot.ruleX([0]),
    ],
  });
}

/** A plot that stands alone, with its title for whoever sees it and its subject for whoever cannot. */
function drawn(title: string, options: Plot.PlotOptions): string {
  const { document } = parseHTML('<!doctype html><html><body></body></html>');
  const plot = Plot.plot({
    width: 860,
    marginTop: 50,
    marginBottom: 44,
    marginLeft: 60,
    ariaLabel: title,
    style: {
      background: colours.paper,
      color: colours.ink,
      fontFamily: 'system-ui, sans-serif',
      fontSize: '13px',
    },
    ...options,
    marks: [
      ...(options.marks ?? []),
      Plot.text([title], { frameAnchor: 'top-left', dy: -38, fontSize: 17, fontWeight: 'bold' }),
    ],
    document,
  });
  // A page does without it, a file does not.
  plot.setAttribute('xmlns', 'http://www.w3.org/2000/svg');
  return `${plot.outerHTML}\n`;
}
