/**
 * The tables of docs/architecture.md that a command writes. Each stands between two comments, which also name the
 * command: `<!-- iam: npm run iam-table -->` and `<!-- /iam -->`.
 */
import { readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';

const file = path.join(import.meta.dirname, '../docs/architecture.md');

/**
 * @param text of the document.
 * @param name of the table in its comments.
 * @returns the text with `table` between the comments.
 * @throws Error when the document lacks one of the comments.
 */
export function withTable(text: string, name: string, table: string): string {
  const begin = `<!-- ${name}: npm run ${name}-table -->`;
  const end = `<!-- /${name} -->`;
  const [before, rest] = split(text, begin);
  const [, after] = split(rest, end);
  return `${before}${begin}\n\n${table}\n\n${end}${after}`;
}

function split(text: string, marker: string): [string, string] {
  const at = text.indexOf(marker);
  if (at === -1) throw new Error(`docs/architecture.md has no line ${marker}.`);
  return [text.slice(0, at), text.slice(at + marker.length)];
}

/** Rewrites docs/architecture.md. */
export async function updateArchitecture(change: (text: string) => string | Promise<string>): Promise<void> {
  await writeFile(file, await change(await readFile(file, 'utf8')));
}
