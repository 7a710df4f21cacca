/** The format of figures and tables, on a terminal and in Markdown. */
import type { Spread } from '../statistics.ts';

/** A Markdown table that is readable as plain text: all columns but the first are aligned to the right. */
export function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const widths = head.map((title, column) =>
    Math.max(...[title, ...rows.map((row) => row[column] ?? '')].map(({ length }) => length), 4),
  );
  const line = (cells: readonly string[]): string =>
    `| ${cells.map((cell, column) => aligned(cell, column, widths[column] ?? 0)).join(' | ')} |`;
  const ruler = widths.map((width, column) =>
    column === 0 ? '-'.repeat(width) : `${'-'.repeat(width - 1)}:`,
  );
  return [line(head), `| ${ruler.join(' | ')} |`, ...rows.map(line)].join('\n');
}

function aligned(cell: string, column: number, width: number): string {
  return column === 0 ? cell.padEnd(width) : cell.padStart(width);
}

const whole = new Intl.NumberFormat('en', { maximumFractionDigits: 0 });
const precise = new Intl.NumberFormat('en', { minimumSignificantDigits: 2, maximumSignificantDigits: 2 });

/** With significant digits only: `1,234`, `12`, `1.2`, `0.12`. */
export function figure(value: number): string {
  return Math.abs(value) >= 10 || value === 0 ? whole.format(value) : precise.format(value);
}

/** `1,234` */
export function count(value: number): string {
  return whole.format(value);
}

/** `0.72` */
export function ratio(value: number): string {
  return value.toFixed(2);
}

/** `12 %` */
export function percent(value: number): string {
  return `${(value * 100).toFixed(0)} %`;
}

/** `1,234 (1,100 to 1,300)` */
export function spread({ median, min, max }: Spread, format = figure): string {
  return `${format(median)} (${format(min)} to ${format(max)})`;
}
