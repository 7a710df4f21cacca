/// <reference lib="dom" />
import * as Plot from '@observablehq/plot';
import { parseHTML } from 'linkedom';
import { cut } from '../../functions/src/domain/text.ts';
import type { PurchaseHistory } from './history.ts';
import { repeatsIn, spans, type Repurchase } from './repurchase.ts';

/** The most places that are shown. */
export const PLACES = 12;

/** In characters as a reader counts them: what fits beside the plot. */
const LONGEST_LABEL = 22;

/** In the order of `spans`. */
const spanNames = ['10 minutes', '1 hour', '1 day', '1 week', '30 days'];

const number = new Intl.NumberFormat('en');

export function gapsPlot(repurchase: Repurchase): string {
  const within = spans.map((span) => repurchase.gaps[String(span)] ?? 0);
  const steps = [...within, repeatsIn(repurchase)].map((total, index) => total - (within[index - 1] ?? 0));
  const names = [
    'under 10 min',
    '10 min to 1 h',
    '1 h to 1 day',
    '1 day to 1 week',
    '1 week to 30 days',
    'longer',
  ];
  const data = names.map((name, index) => ({ name, count: steps[index] ?? 0 }));
  return plot('Repeat purchases by the time since the last one', {
    x: { domain: names, label: null },
    y: { label: 'repeat purchases', grid: true, tickFormat: 's' },
    marks: [
      Plot.barY(data, { x: 'name', y: 'count', fill: 'var(--leaf)', rx: 3 }),
      Plot.text(data, {
        x: 'name',
        y: 'count',
        text: ({ count }: { count: number }) => number.format(count),
        dy: -8,
      }),
      Plot.ruleY([0]),
    ],
  });
}

export function emailsPlot(repurchase: Repurchase): string {
  const data = emailsByCooldown(repurchase);
  return plot('Emails by cooldown', {
    x: { domain: data.map(({ name }) => name), label: 'cooldown' },
    y: { label: 'emails', grid: true, tickFormat: 's', zero: true },
    marks: [
      Plot.areaY(data, { x: 'name', y: 'emails', fill: 'var(--citrus)', fillOpacity: 0.2 }),
      Plot.lineY(data, { x: 'name', y: 'emails', stroke: 'var(--citrus)', strokeWidth: 3 }),
      Plot.dot(data, { x: 'name', y: 'emails', fill: 'var(--citrus)', r: 5 }),
      Plot.ruleY([0]),
    ],
  });
}

export function emailsByCooldown(repurchase: Repurchase) {
  return [0, ...spans].map((cooldown, index) => ({
    name: index === 0 ? 'none' : (spanNames[index - 1] ?? ''),
    emails: repurchase.emailsByCooldown[String(cooldown)] ?? 0,
  }));
}

export function hoursPlot({ purchasesByHour }: PurchaseHistory): string {
  const data = purchasesByHour.map((count, hour) => ({ hour, count }));
  return plot('Purchases by hour of the day', {
    x: { label: 'hour', tickFormat: (hour: number) => `${hour}`, type: 'band' },
    y: { label: 'purchases', grid: true, tickFormat: 's' },
    marks: [Plot.barY(data, { x: 'hour', y: 'count', fill: 'var(--leaf)', rx: 2 }), Plot.ruleY([0])],
  });
}

export function placesPlot({ purchasesByPlace }: PurchaseHistory): string {
  const data = [...purchasesByPlace]
    .map(([place, count]) => ({ place, count }))
    .toSorted((one, other) => other.count - one.count)
    .slice(0, PLACES);
  if (data.length === 0) return '<p class="note">No purchase in this data says where it was made.</p>';
  return plot('Purchases by place', {
    marginLeft: 160,
    height: 70 + data.length * 28,
    x: { label: 'purchases', grid: true, tickFormat: 's' },
    y: {
      label: null,
      domain: data.map(({ place }) => place),
      tickFormat: (place: string) => cut(place, LONGEST_LABEL),
    },
    marks: [Plot.barX(data, { x: 'count', y: 'place', fill: 'var(--berry)', rx: 3 }), Plot.ruleX([0])],
  });
}

/** A plot as SVG in the colours of the page. @param subject read out by screen readers. */
function plot(subject: string, options: Plot.PlotOptions): string {
  const { document } = parseHTML('<!doctype html><html><body></body></html>');
  const drawn = Plot.plot({
    width: 720,
    height: 320,
    marginLeft: 60,
    marginBottom: 44,
    ariaLabel: subject,
    style: { background: 'transparent', color: 'inherit', fontFamily: 'inherit', fontSize: '13px' },
    ...options,
    document,
  });
  return `<figure role="img" aria-label="${subject}">${drawn.outerHTML}</figure>`;
}
