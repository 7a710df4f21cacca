/** What a person reads about a customer. */
import { stageOf, type Customer } from '../../functions/src/domain/customer.ts';
import { humanClickedAt } from '../../functions/src/domain/delivery.ts';
import type { Outreach } from '../../functions/src/domain/outreach.ts';
import { printable } from '../terminal/printable.ts';
import { instantInWords } from '../terminal/times.ts';
import type { Erasure } from './erase.ts';
import type { Portrait, StoredEmail } from './portrait.ts';

/** A row for each thing that is known. */
export function portraitInWords({ customerId, customer, outreach, emails, transactions }: Portrait): string {
  const rows: Row[] = [
    ['Pseudonym', customerId],
    ...(customer ? customerRows(customer) : []),
    ['Stored', many(transactions, 'transaction')],
    ...(outreach ? outreachRows(outreach) : []),
    ...emails.map((email): Row => [`Email ${email.sequence}`, emailInWords(email)]),
  ];
  return rows
    .filter((row): row is [string, string] => row[1] !== undefined)
    .map(([name, value]) => printable(`  ${name.padEnd(16)}${value}`))
    .join('\n');
}

/** Nothing is shown without a value. */
type Row = readonly [name: string, value: string | undefined];

function customerRows(customer: Customer): Row[] {
  const spend = Object.entries(customer.spend).map(([currency, amount]) => money(amount, currency));
  return [
    ['Address', customer.email],
    ['  known from', counted(customer.emailSources)],
    ['Name', customer.name],
    ['Language', customer.locale],
    ['Stage', stageOf(customer)],
    ['Group', customer.group],
    ['Purchases', `${customer.transactions}`],
    ['  spent', spend.join(', ') || undefined],
    ['  first', moment(customer.firstTransactionAt)],
    ['  last', moment(customer.lastTransactionAt)],
    ['  reported by', counted(customer.transactionsBySource)],
    ['  made', counted(customer.transactionsByLocation)],
    ['  last items', customer.latestTransaction?.items.map(({ name }) => name).join(', ')],
    ['Signed up', moment(customer.signedUpAt)],
    ['First active', moment(customer.firstActivityAt)],
  ];
}

function outreachRows({ emailsSent, suppressions = {}, pausedUntil, firstStepsDueAt }: Outreach): Row[] {
  return [
    ['Emails claimed', `${emailsSent}`],
    ['First steps due', moment(firstStepsDueAt)],
    ['Paused until', moment(pausedUntil)],
    ...Object.entries(suppressions).map(([reason, at]): Row => [
      'Suppressed',
      `${reason}, since ${instantInWords(at)}`,
    ]),
  ];
}

function emailInWords({ status, template, contentSource, delivery = {}, ...email }: StoredEmail): string {
  const facts: Row[] = [
    ['claimed', moment(email.claimedAt)],
    ['accepted', moment(email.acceptedAt)],
    ['delivered', moment(delivery.deliveredAt)],
    ['opened', moment(delivery.openedAt)],
    ['clicked', moment(humanClickedAt(delivery))],
    ['credited with the sign-up of', moment(email.convertedAt)],
  ];
  const words = facts.flatMap(([name, at]) => (at === undefined ? [] : [`${name} ${at}`]));
  const content = template === undefined ? [] : [`${template} from ${contentSource ?? 'nobody knows'}`];
  return [status, ...content, ...words].join(', ');
}

function moment(time: number | undefined): string | undefined {
  return time === undefined ? undefined : instantInWords(time);
}

function counted(counts: Readonly<Record<string, number>>): string | undefined {
  const words = Object.entries(counts).map(([name, count]) => `${name} (${count})`);
  return words.join(', ') || undefined;
}

/** As many decimals as the currency has: minor units are what is stored. */
function money(amount: number, currency: string): string {
  const format = new Intl.NumberFormat('en', { style: 'currency', currency });
  return format.format(amount / 10 ** (format.resolvedOptions().maximumFractionDigits ?? 2));
}

/** How much an erasure takes away, or took. */
export function erasureInWords({ customers, quarantined, emails, transactions }: Erasure): string {
  return [
    `  ${many(customers, 'customer document')}, with the address and the name`,
    `  ${many(quarantined, 'quarantined message')} with the address`,
    `  ${many(emails, 'email')} in the ledger`,
    `  the link from ${many(transactions, 'transaction')} to the customer`,
  ].join('\n');
}

function many(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? '' : 's'}`;
}
