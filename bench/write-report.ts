import { mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { plotsOf } from './plots.ts';
import { markdownOf } from './report.ts';
import type { Report } from './sections.ts';
import { rounded } from './statistics.ts';

/** Writes report.json, report.md and the plots that it shows. */
export async function writeReport(report: Report, folder: string): Promise<void> {
  await mkdir(path.join(folder, 'plots'), { recursive: true });
  const digits = (_key: string, value: unknown): unknown =>
    typeof value === 'number' && !Number.isInteger(value) ? rounded(value, 4) : value;
  await writeFile(path.join(folder, 'report.json'), `${JSON.stringify(report, digits, 2)}\n`);
  await writeFile(path.join(folder, 'report.md'), markdownOf(report));
  for (const [name, svg] of Object.entries(plotsOf(report))) {
    await writeFile(path.join(folder, 'plots', `${name}.svg`), svg);
  }
}
