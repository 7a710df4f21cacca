/** `npm run cost`: the bill of a month, and how it changes with the cooldown. */
import { monthlyBill, usual } from './cost/bill.ts';
import { misused, readCommandLine } from './terminal/command-line.ts';

/** In days. The third is the default. */
const cooldowns = [0, 1, 7, 14, 30] as const;
const DEFAULT_COOLDOWN = 7;

const help = `npm run cost -- --purchases-per-day N [--visits-per-week N] [--with-address SHARE]

Computes the bill of a month from what each purchase and each email is counted to cost (docs/costs.md) and from list
prices of November 2026, less what is free, and shows how it changes with the cooldown.

  --purchases-per-day N   all sources together
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

const whole = new Intl.NumberFormat('en', { maximumFractionDigits: 0 });
const dollars = new Intl.NumberFormat('en', { style: 'currency', currency: 'USD' });

const { items, total, emails } = monthlyBill(assumptions, DEFAULT_COOLDOWN);
console.log(
  `${whole.format(assumptions.purchasesPerDay)} purchases a day, a cooldown of ${DEFAULT_COOLDOWN} days, a month:\n`,
);
for (const [item, price] of Object.entries(items)) console.log(line(item, dollars.format(price)));
console.log(`${line('all together', dollars.format(total))}   for ${whole.format(emails)} emails\n`);
console.log('With another cooldown:\n');
for (const cooldown of cooldowns) {
  const bill = monthlyBill(assumptions, cooldown);
  const name = cooldown === 0 ? 'none' : `${cooldown} ${cooldown === 1 ? 'day' : 'days'}`;
  console.log(`${line(name, dollars.format(bill.total))}   for ${whole.format(bill.emails)} emails`);
}

function line(name: string, price: string): string {
  return `  ${name.padEnd(20)}${price.padStart(12)}`;
}

function numberIn(option: string, text: string | undefined, most: number): number {
  const number = Number(text ?? 'missing');
  if (number >= 0 && number <= most && Number.isFinite(number)) return number;
  return misused(`${option} must be a number from 0${most === Infinity ? '' : ` to ${most}`}.`, help);
}
