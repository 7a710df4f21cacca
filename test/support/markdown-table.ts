/** One row of a table: the text of each cell, by the heading of its column. */
export type Row = Readonly<Record<string, string>>;

/**
 * The table below a heading of a Markdown document, without the backticks of code.
 * @throws Error when there is no such heading.
 */
export function tableBelow(heading: string, markdown: string): Row[] {
  const [, section] = markdown.split(`\n### ${heading}\n`);
  if (section === undefined) throw new Error(`There is no heading "${heading}".`);
  const [own = ''] = section.split('\n#');
  const [headings = [], , ...rows] = own
    .split('\n')
    .filter((line) => line.startsWith('|'))
    .map((line) =>
      line
        .split('|')
        .slice(1, -1)
        .map((cell) => cell.trim().replaceAll('`', '')),
    );
  return rows.map((cells) => Object.fromEntries(headings.map((name, column) => [name, cells[column] ?? ''])));
}
