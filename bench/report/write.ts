import { mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import type { Report } from '../sections.ts';
import { coldStartPlot } from './cold-starts.ts';
import { markdownOf } from './markdown.ts';
import { memoryPlot } from './memory.ts';
import { recordingPlot } from './recording.ts';
import { latencyPlot } from './sending.ts';

/** Writes report.md and the plots that it shows. */
export async function writeReport(report: Report, folder: string): Promise<void> {
  await mkdir(path.join(folder, 'plots'), { recursive: true });
  await writeFile(path.join(folder, 'report.md'), markdownOf(report));
  for (const [name, svg] of Object.entries(plotsOf(report))) {
    await writeFile(path.join(folder, 'plots', `${name}.svg`), svg);
  }
}

/** SVG by the name of the plot. */
function plotsOf({ recording, sending, memory, coldStarts }: Report): Record<string, string> {
  return {
    ...(recording && { recording: recordingPlot(recording) }),
    ...(sending && { latency: latencyPlot(sending) }),
    ...(memory && { memory: memoryPlot(memory) }),
    ...(coldStarts && { 'cold-starts': coldStartPlot(coldStarts) }),
  };
}
