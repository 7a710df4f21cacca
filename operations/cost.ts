/** `npm run cost`: the bill of a month, and how the cooldown changes it. */
import { monthlyBill, usual } from './cost/bill.ts';
import { exitWithUsage, readCommandLine } from './terminal/command-line.ts';
import { formatCount } from './terminal/format.ts';

/** In days. */
const cooldowns = [0, 1, 7, 14, 30] as const;
const DEFAULT_COOLDOWN = 7;

const help = `npm run cost -- --purchases-per-day N [--visits-per-week N] [--with-address SHARE]

Computes the bill of a month from the counted costs of each purchase and each email (docs/costs.md) and from the list
prices of November 2026, minus the free quotas, and shows how the cooldown changes it.

  --purchases-per-day N   of all sources together
  --visits-per-week N     how often a customer comes by (${usual.visitsPerWeek})
  --with-address SHARE    share of the purchases whose source knows an email address, 0 to 1 (${usual.withAddress})`;

const { values } = readCommandLine({
  help,
  options: {
    'purchases-per-day': { type: 'string' },
    'visits-per-week': { type: 'string', default: String(usual.visitsPerWeek) },
    'with-address': { type: 'string', default: String(usual.withAddress) },
  },
});

const assumptions = {
  ...usual,
  purchasesPerDay: numberIn('--purchases-per-day', values['purchases-per-day'], Infinity),
  visitsPerWeek: numberIn('--visits-per-week', values['visits-per-week'], Infinity),
  withAddress: numberIn('--with-address', values['with-address'], 1),
};

const dollars = new Intl.NumberFormat('en', { style: 'currency', currency: 'USD' });

const { items, total, emails } = monthlyBill(assumptions, DEFAULT_COOLDOWN);
console.log(
  `A month with ${formatCount(assumptions.purchasesPerDay, 'purchase')} a day and a cooldown of ${DEFAULT_COOLDOWN} days:\n`,
);
for (const [item, price] of Object.entries(items)) console.log(line(item, price));
console.log(`${line('Total', total)}   for ${formatCount(emails, 'email')}\n`);
console.log('With another cooldown:\n');
for (const cooldown of cooldowns) {
  const bill = monthlyBill(assumptions, cooldown);
  const name = cooldown === 0 ? 'none' : formatCount(cooldown, 'day');
  console.log(`${line(name, bill.total)}   for ${formatCount(bill.emails, 'email')}`);
}

function line(name: string, price: number): string {
  return `  ${name.padEnd(20)}${dollars.format(price).padStart(12)}`;
}

function numberIn(option: string, text: string | undefined, most: number): number {
  if (text === undefined) return exitWithUsage(`${option} is missing.`, help);
  const number = Number(text);
  if (number >= 0 && number <= most && Number.isFinite(number)) return number;
  return exitWithUsage(`${option} must be a number from 0${most === Infinity ? '' : ` to ${most}`}.`, help);
}
