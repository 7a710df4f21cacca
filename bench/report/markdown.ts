/** The report as Markdown. The terminal shows the same. */
import type { Findings, Report } from '../sections.ts';
import { coldStartPart } from './cold-starts.ts';
import { memoryPart } from './memory.ts';
import { recordingPart } from './recording.ts';
import { sendingPart } from './sending.ts';

export function markdownOf(report: Report): string {
  return `${introduction(report)}\n\n${partsOf(report)}\n`;
}

/** The sections without the introduction. */
export function partsOf({ recording, sending, memory, coldStarts }: Findings): string {
  const parts = [
    recording && recordingPart(recording),
    sending && sendingPart(sending),
    memory && memoryPart(memory),
    coldStarts && coldStartPart(coldStarts),
  ];
  return parts.filter((part) => part !== undefined).join('\n\n');
}

function introduction({ machine, date, took, quick }: Report): string {
  return `# Performance of the functions

Written by \`npm run bench${quick ? ' -- --quick' : ''}\` on ${date}, in ${took} minutes, on ${descriptionOf(machine)}.
[performance.md](../docs/performance.md) explains how each figure is measured and what follows from it.

The deployed files run between the emulators of Firestore and Pub/Sub, on the same cores as these and the benchmark.
Absolute figures depend more on the machine than on the functions; ratios are measured in turns, within the same minute.`;
}

function descriptionOf({ cores, processor, memory, node }: Report['machine']): string {
  return `${cores} cores (${processor}) with ${memory} GB, Node ${node}`;
}
