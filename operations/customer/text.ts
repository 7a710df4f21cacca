/** What is printed about a customer. */
import { minorDigits } from '../../functions/src/domain/currency.ts';
import { stageOf, type Customer } from '../../functions/src/domain/customer.ts';
import { humanClickedAt } from '../../functions/src/domain/delivery.ts';
import type { Outreach } from '../../functions/src/domain/outreach.ts';
import { formatCount, formatRows, formatTime } from '../terminal/format.ts';
import type { Erasure } from './erase.ts';
import type { Snapshot, StoredEmail } from './snapshot.ts';

/** One line for each known fact. */
export function snapshotText({ customerId, customer, outreach, ...stored }: Snapshot): string {
  const rows: Row[] = [
    ['Pseudonym', customerId],
    ...(customer ? customerRows(customer) : []),
    ['Stored', formatCount(stored.transactions, 'transaction')],
    ['  made at', counts(stored.transactionsByPlace)],
    ['In quarantine', stored.quarantined === 0 ? undefined : formatCount(stored.quarantined, 'message')],
    ...(outreach ? outreachRows(outreach) : []),
    ...stored.emails.map((email): Row => [`Email ${email.sequence}`, emailText(email)]),
  ];
  return formatRows(
    rows.flatMap(([name, value]) => (value === undefined ? [] : [[`  ${name}`, value] as const])),
    18,
  );
}

/** A row without a value is not shown. */
type Row = readonly [name: string, value: string | undefined];

function customerRows(customer: Customer): Row[] {
  const spend = Object.entries(customer.spend).map(([currency, amount]) => money(amount, currency));
  return [
    ['Address', customer.email],
    ['  known from', counts(customer.emailSources)],
    ['Name', customer.name],
    ['Language', customer.locale],
    ['Stage', stageOf(customer)],
    ['Group', customer.group],
    ['Purchases', `${customer.transactions}`],
    ['  spent', spend.join(', ') || undefined],
    ['  first', moment(customer.firstTransactionAt)],
    ['  last', moment(customer.lastTransactionAt)],
    ['  reported by', counts(customer.transactionsBySource)],
    ['  last items', customer.latestTransaction?.items.map(({ name, sku }) => name ?? sku).join(', ')],
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
      `${reason}, since ${formatTime(at)}`,
    ]),
  ];
}

function emailText({ status, template, contentSource, delivery = {}, ...email }: StoredEmail): string {
  const facts: Row[] = [
    ['claimed', moment(email.claimedAt)],
    ['accepted', moment(email.acceptedAt)],
    ['delivered', moment(delivery.deliveredAt)],
    ['opened', moment(delivery.openedAt)],
    ['clicked', moment(humanClickedAt(delivery))],
    ['credited with the sign-up of', moment(email.convertedAt)],
  ];
  const known = facts.flatMap(([name, at]) => (at === undefined ? [] : [`${name} ${at}`]));
  const content = template === undefined ? [] : [`${template} from ${contentSource ?? 'an unknown source'}`];
  return [status, ...content, ...known].join(', ');
}

function moment(time: number | undefined): string | undefined {
  return time === undefined ? undefined : formatTime(time);
}

function counts(byName: Readonly<Record<string, number>>): string | undefined {
  const parts = Object.entries(byName).map(([name, count]) => `${name} (${count})`);
  return parts.join(', ') || undefined;
}

/** @param amount in minor units of the currency, as it is stored. */
function money(amount: number, currency: string): string {
  const digits = minorDigits(currency) ?? 2;
  const format = new Intl.NumberFormat('en', {
    style: 'currency',
    currency,
    minimumFractionDigits: digits,
    maximumFractionDigits: digits,
  });
  return format.format(amount / 10 ** digits);
}

/** What an erasure removes, or removed. */
export function erasureText({ customers, quarantined, emails, transactions }: Erasure): string {
  return [
    `  ${formatCount(customers, 'customer document')}, with the address and the name`,
    `  ${formatCount(quarantined, 'quarantined message')} with the address`,
    `  ${formatCount(emails, 'email')} in the ledger`,
    `  the link from ${formatCount(transactions, 'transaction')} to the customer`,
  ].join('\n');
}
