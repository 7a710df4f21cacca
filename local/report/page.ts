/// <reference lib="dom" />
import * as Plot from '@observablehq/plot';
import { parseHTML } from 'linkedom';
import type { PurchaseHistory } from './history.ts';
import { spans, type Repurchase } from './repurchase.ts';
import { style } from './style.ts';

/** What one email costs at SendGrid, US dollars, by list price of November 2026: from the largest plan to the smallest. */
const EMAIL_PRICE = { least: 0.0005, most: 0.0013 };

/** How many places are shown; the others are summed up. */
const PLACES = 12;

/** In words, in the order of `spans`. */
const spanNames = ['10 minutes', '1 hour', '1 day', '1 week', '30 days'];

const number = new Intl.NumberFormat('en');
const percent = new Intl.NumberFormat('en', { style: 'percent', maximumFractionDigits: 1 });
const dollars = new Intl.NumberFormat('en', {
  style: 'currency',
  currency: 'USD',
  maximumSignificantDigits: 3,
});

/** The report as one page that needs nothing else: no script, no font, no picture from elsewhere. */
export function reportPage(found: Repurchase, history: PurchaseHistory): string {
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>How often do people buy again?</title>
<style>${style}</style>
</head>
<body>
<main>
<header>
<p class="brand">Farmacy Food</p>
<h1>How often do people buy again soon?</h1>
<p class="lead">${leadOf(found)}</p>
</header>
<dl class="figures">${figuresOf(found)}</dl>
${section('When do they come back?', gapsWords(found), gapsPlot(found))}
${section('What does the cooldown cost?', emailsWords(found), emailsPlot(found) + emailsTable(found))}
${section('When do they buy?', 'Purchases by the hour on the clock where they were made; UTC where no time zone is known.', hoursPlot(history))}
${section('Where do they buy?', placesWords(history), placesPlot(history))}
</main>
</body>
</html>
`;
}

function section(title: string, words: string, plot: string): string {
  return `<section><h2>${title}</h2><p>${words}</p>${plot}</section>`;
}

function repeatsIn({ withEmail, customers }: Repurchase): number {
  return withEmail - customers;
}

function leadOf(found: Repurchase): string {
  const repeats = repeatsIn(found);
  if (repeats === 0)
    return 'Nobody in this data has bought twice yet, so it cannot say how long a cooldown should be.';
  const soon = percent.format((found.gaps['600'] ?? 0) / repeats);
  const week = percent.format((found.gaps['604800'] ?? 0) / repeats);
  return `${soon} of all repeat purchases come within ten minutes of the one before, and ${week} within a week.
    Without a cooldown, each of them would be an email.`;
}

function figuresOf(found: Repurchase): string {
  const figures: [string, string][] = [
    ['purchases', number.format(found.transactions)],
    ['with an email address', share(found.withEmail, found.transactions)],
    ['customers', number.format(found.customers)],
    ['who bought more than once', share(found.repeatCustomers, found.customers)],
  ];
  return figures.map(([name, value]) => `<div><dt>${name}</dt><dd>${value}</dd></div>`).join('');
}

function share(part: number, whole: number): string {
  return whole === 0 ? '0' : `${number.format(part)} <small>${percent.format(part / whole)}</small>`;
}

function gapsWords(found: Repurchase): string {
  return `Of ${number.format(repeatsIn(found))} repeat purchases, how many followed the same customer's last one after
    how long. Each counts once, in the first span it fits.`;
}

function gapsPlot(found: Repurchase): string {
  const within = spans.map((span) => found.gaps[String(span)] ?? 0);
  const steps = [...within, repeatsIn(found)].map((total, index) => total - (within[index - 1] ?? 0));
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

function emailsWords(found: Repurchase): string {
  const without = found.emailsByCooldown['0'] ?? 0;
  const week = found.emailsByCooldown['604800'] ?? 0;
  return `Emails if a purchase earns one whenever the cooldown has passed since the customer's last emailed purchase, and
    nothing else limits them. A week instead of none saves
    ${number.format(without - week)} of them${without === 0 ? '' : ` (${percent.format((without - week) / without)})`}.`;
}

function emailsByCooldown(found: Repurchase) {
  return [0, ...spans].map((cooldown, index) => ({
    name: index === 0 ? 'none' : (spanNames[index - 1] ?? ''),
    emails: found.emailsByCooldown[String(cooldown)] ?? 0,
  }));
}

function emailsPlot(found: Repurchase): string {
  const data = emailsByCooldown(found);
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

function emailsTable(found: Repurchase): string {
  const rows = emailsByCooldown(found).map(
    ({ name, emails }) =>
      `<tr><th scope="row">${name}</th><td>${number.format(emails)}</td><td>${dollars.format(emails * EMAIL_PRICE.least)} to ${dollars.format(emails * EMAIL_PRICE.most)}</td></tr>`,
  );
  return `<table><thead><tr><th scope="col">Cooldown</th><th scope="col">Emails</th><th scope="col">Cost of sending</th></tr></thead>
<tbody>${rows.join('')}</tbody></table>
<p class="note">At $${EMAIL_PRICE.least} to $${EMAIL_PRICE.most} an email, by SendGrid's list prices of November 2026.</p>`;
}

function hoursPlot({ purchasesByHour }: PurchaseHistory): string {
  const data = purchasesByHour.map((count, hour) => ({ hour, count }));
  return plot('Purchases by hour of the day', {
    x: { label: 'hour', tickFormat: (hour: number) => `${hour}`, type: 'band' },
    y: { label: 'purchases', grid: true, tickFormat: 's' },
    marks: [Plot.barY(data, { x: 'hour', y: 'count', fill: 'var(--leaf)', rx: 2 }), Plot.ruleY([0])],
  });
}

function placesWords({ purchasesByPlace }: PurchaseHistory): string {
  const more = purchasesByPlace.size - PLACES;
  return `The ${more > 0 ? `${PLACES} busiest of ${number.format(purchasesByPlace.size)}` : 'busiest'} places, as their sources name them.`;
}

function placesPlot({ purchasesByPlace }: PurchaseHistory): string {
  const data = [...purchasesByPlace]
    .map(([place, count]) => ({ place, count }))
    .toSorted((one, other) => other.count - one.count)
    .slice(0, PLACES);
  if (data.length === 0) return '<p class="note">No purchase in this data says where it was made.</p>';
  return plot('Purchases by place', {
    marginLeft: 160,
    height: 70 + data.length * 28,
    x: { label: 'purchases', grid: true, tickFormat: 's' },
    y: { label: null, domain: data.map(({ place }) => place), tickFormat: shortened },
    marks: [Plot.barX(data, { x: 'count', y: 'place', fill: 'var(--berry)', rx: 3 }), Plot.ruleX([0])],
  });
}

function shortened(place: string): string {
  return place.length > 22 ? `${place.slice(0, 21)}…` : place;
}

/** The plot as SVG, in the colours of the page, with its subject for whoever cannot see it. */
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
