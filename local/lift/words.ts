/** What a person reads about the lift. */
import type { Conversions } from './conversions.ts';
import type { EmailResults } from './emails.ts';
import { spanInWords } from '../terminal/times.ts';
import { share, wilsonInterval, type Interval, type Proportion } from './intervals.ts';
import { periodInWords, type Period } from './period.ts';
import { verdictInWords, type Lift } from './verdict.ts';

export interface LiftReport {
  readonly period: Period;
  /** In ms. */
  readonly window: number;
  readonly conversions: Conversions;
  readonly lift: Lift;
  readonly emails: readonly EmailResults[];
}

export function reportInWords({ period, window, conversions, lift, emails }: LiftReport): string {
  const dates = periodInWords(period);
  return [
    `First purchases ${dates} (UTC), and who signed up within ${spanInWords(window)} after theirs:`,
    table([['', 'customers', 'sign-ups', 'share', '95 % interval'], ...groupRows(conversions, lift)]),
    verdictInWords(lift),
    ...remarks(conversions, window),
    `Emails accepted ${dates} (UTC), each sign-up credited to one of them:`,
    emails.length === 0 ? 'None.' : table([emailHeadings, ...emails.map(emailRow)]),
    ...(emails.length > 1
      ? ['Who gets which of these is no matter of chance: they cannot be compared as groups can.']
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
      ? [`${stillOpen} of them bought less than ${spanInWords(window)} ago and may still sign up.`]
      : []),
    ...(signedUpBefore > 0
      ? [`${signedUpBefore} more had signed up before they bought: they count in neither group.`]
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

/** Words to the left, numbers to the right. */
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
