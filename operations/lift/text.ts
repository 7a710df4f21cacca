/** What is printed about the lift. */
import type { Conversions } from './conversions.ts';
import type { EmailResults } from './emails.ts';
import { formatDuration } from '../terminal/format.ts';
import { share, wilsonInterval, type Interval, type Proportion } from './intervals.ts';
import { periodText, type Period } from './period.ts';
import { verdictText, type Lift } from './verdict.ts';

export interface LiftReport {
  readonly period: Period;
  /** In ms. */
  readonly window: number;
  readonly conversions: Conversions;
  readonly lift: Lift;
  readonly emails: readonly EmailResults[];
}

export function reportText({ period, window, conversions, lift, emails }: LiftReport): string {
  const dates = periodText(period);
  return [
    `First purchases ${dates} (UTC), and who signed up within ${formatDuration(window)} after theirs:`,
    table([['', 'customers', 'sign-ups', 'share', '95 % interval'], ...groupRows(conversions, lift)]),
    verdictText(lift),
    ...remarks(conversions, window),
    `Emails accepted ${dates} (UTC), each sign-up credited to one of them:`,
    emails.length === 0 ? 'None.' : table([emailHeadings, ...emails.map(emailRow)]),
    ...(emails.length > 1
      ? ['It is not chance that decides who gets which email: unlike the groups, these cannot be compared.']
      : []),
  ].join('\n\n');
}

function groupRows({ outreach, control }: Conversions, { difference }: Lift): string[][] {
  const rows = [
    ['outreach group', ...countsAndShare(outreach)],
    ['control group', ...countsAndShare(control)],
  ];
  if (difference === undefined) return rows;
  return [...rows, ['difference in points', '', '', percent(difference.estimate), percents(difference)]];
}

function countsAndShare(proportion: Proportion): string[] {
  const { count, total } = proportion;
  const counts = [`${total}`, `${count}`];
  if (total === 0) return [...counts, '–', '–'];
  return [...counts, percent(share(proportion)), percents(wilsonInterval(proportion))];
}

function remarks({ signedUpBefore, stillOpen }: Conversions, window: number): string[] {
  return [
    ...(stillOpen > 0
      ? [`${stillOpen} of them bought less than ${formatDuration(window)} ago and may still sign up.`]
      : []),
    ...(signedUpBefore > 0
      ? [`${signedUpBefore} more had signed up before they bought and count in neither group.`]
      : []),
  ];
}

const emailHeadings = [
  'template',
  'content',
  'accepted',
  'delivered',
  'clicked',
  'sign-ups',
  'share',
  '95 % interval',
];

function emailRow(results: EmailResults): string[] {
  const { template, contentSource, accepted, heardOf, delivered, clicked, conversions } = results;
  const proportion = { count: conversions, total: accepted };
  const ifKnown = (count: number): string => (heardOf === 0 ? 'unknown' : `${count}`);
  return [
    template,
    contentSource,
    `${accepted}`,
    ifKnown(delivered),
    ifKnown(clicked),
    `${conversions}`,
    percent(share(proportion)),
    percents(wilsonInterval(proportion)),
  ];
}

/** Aligns text to the left and numbers to the right. */
function table(rows: readonly string[][]): string {
  const widths = (rows[0] ?? []).map((_, column) =>
    Math.max(...rows.map((row) => (row[column] ?? '').length)),
  );
  const isText = (column: number): boolean => rows.slice(1).every((row) => /^[a-z]/u.test(row[column] ?? ''));
  const cell = (text: string, column: number): string =>
    isText(column) ? text.padEnd(widths[column] ?? 0) : text.padStart(widths[column] ?? 0);
  return rows.map((row) => `  ${row.map(cell).join('  ')}`.trimEnd()).join('\n');
}

function percents({ lower, upper }: Interval): string {
  return `${percent(lower)} to ${percent(upper)}`;
}

function percent(value: number): string {
  return `${(100 * value).toFixed(1)} %`;
}
