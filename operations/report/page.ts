import { sendgridPrice } from '../cost/prices.ts';
import { formatCount } from '../terminal/format.ts';
import type { PurchaseHistory } from './history.ts';
import { emailsByCooldown, emailsPlot, gapsPlot, hoursPlot, PLACES, placesPlot } from './plots.ts';
import { repeatsIn, type Repurchase } from './repurchase.ts';
import { style } from './style.ts';

/** What one email costs with SendGrid's largest and smallest plan, in US dollars. */
const EMAIL_PRICE = { least: sendgridPrice(Infinity), most: sendgridPrice(0) };

const number = new Intl.NumberFormat('en');
const percent = new Intl.NumberFormat('en', { style: 'percent', maximumFractionDigits: 1 });
const dollars = new Intl.NumberFormat('en', {
  style: 'currency',
  currency: 'USD',
  maximumSignificantDigits: 3,
});

/** The report as one self-contained page: it has no scripts and loads nothing. */
export function reportPage(repurchase: Repurchase, history: PurchaseHistory): string {
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
<p class="lead">${leadOf(repurchase)}</p>
</header>
<dl class="figures">${figuresOf(repurchase)}</dl>
${section('When do they come back?', gapsText(repurchase), gapsPlot(repurchase))}
${section('What does the cooldown cost?', emailsText(repurchase), emailsPlot(repurchase) + emailsTable(repurchase))}
${section('When do they buy?', 'Purchases by the local hour where they were made, or by the hour in UTC where the time zone is unknown.', hoursPlot(history))}
${section('Where do they buy?', placesText(history), placesPlot(history))}
</main>
</body>
</html>
`;
}

function section(title: string, text: string, plot: string): string {
  return `<section><h2>${title}</h2><p>${text}</p>${plot}</section>`;
}

function leadOf(repurchase: Repurchase): string {
  const repeats = repeatsIn(repurchase);
  if (repeats === 0)
    return 'No customer in this data has bought twice yet, so it cannot say how long a cooldown should be.';
  const soon = percent.format((repurchase.gaps['600'] ?? 0) / repeats);
  const week = percent.format((repurchase.gaps['604800'] ?? 0) / repeats);
  return `${soon} of all repeat purchases come within ten minutes of the one before, and ${week} within a week.
    Without a cooldown, each of them would be an email.`;
}

function figuresOf(repurchase: Repurchase): string {
  const figures: [string, string][] = [
    ['purchases', number.format(repurchase.transactions)],
    ['with an email address', share(repurchase.withEmail, repurchase.transactions)],
    ['customers', number.format(repurchase.customers)],
    ['who bought more than once', share(repurchase.repeatCustomers, repurchase.customers)],
  ];
  return figures.map(([name, value]) => `<div><dt>${name}</dt><dd>${value}</dd></div>`).join('');
}

function share(part: number, whole: number): string {
  return whole === 0 ? '0' : `${number.format(part)} <small>${percent.format(part / whole)}</small>`;
}

function gapsText(repurchase: Repurchase): string {
  return `${formatCount(repeatsIn(repurchase), 'repeat purchase')}, by the time since the same customer's previous purchase.`;
}

function emailsText(repurchase: Repurchase): string {
  const without = repurchase.emailsByCooldown['0'] ?? 0;
  const week = repurchase.emailsByCooldown['604800'] ?? 0;
  return `The number of emails if a purchase earns one whenever the cooldown has passed since the last purchase that earned
    one, and nothing else limits them. A cooldown of a week saves
    ${number.format(without - week)} of them${without === 0 ? '' : ` (${percent.format((without - week) / without)})`}.`;
}

function emailsTable(repurchase: Repurchase): string {
  const rows = emailsByCooldown(repurchase).map(
    ({ name, emails }) =>
      `<tr><th scope="row">${name}</th><td>${number.format(emails)}</td><td>${dollars.format(emails * EMAIL_PRICE.least)} to ${dollars.format(emails * EMAIL_PRICE.most)}</td></tr>`,
  );
  return `<table><thead><tr><th scope="col">Cooldown</th><th scope="col">Emails</th><th scope="col">Cost of sending</th></tr></thead>
<tbody>${rows.join('')}</tbody></table>
<p class="note">At $${EMAIL_PRICE.least} to $${EMAIL_PRICE.most} an email, by SendGrid's list prices of November 2026.</p>`;
}

function placesText({ purchasesByPlace }: PurchaseHistory): string {
  const more = purchasesByPlace.size - PLACES;
  return `The ${more > 0 ? `${PLACES} busiest of ${number.format(purchasesByPlace.size)}` : 'busiest'} places, as their sources name them.`;
}
