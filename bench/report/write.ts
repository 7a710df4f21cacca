import { mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import type { Report } from '../sections.ts';
import { rounded } from '../statistics.ts';
import { coldStartPlot } from './cold-starts.ts';
import { growthPlot } from './growth.ts';
import { markdownOf } from './markdown.ts';
import { memoryPlot } from './memory.ts';
import { recordingPlot } from './recording.ts';
import { latencyPlot } from './sending.ts';
import { workPlot } from './work.ts';

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

/** The plots of a report by their names, as SVG. */
function plotsOf({ recording, sending, growth, memory, work, coldStarts }: Report): Record<string, string> {
  return {
    ...(recording && { recording: recordingPlot(recording) }),
    ...(sending && { latency: latencyPlot(sending) }),
    ...(growth && { growth: growthPlot(growth) }),
    ...(memory && { memory: memoryPlot(memory) }),
    ...(work && { work: workPlot(work) }),
    ...(coldStarts && { 'cold-starts': coldStartPlot(coldStarts) }),
  };
}
