/** The report as Markdown, which is also what the terminal shows. */
import type { Machine } from '../machine.ts';
import type { Findings, Report } from '../sections.ts';
import { coldStartPart } from './cold-starts.ts';
import { growthPart } from './growth.ts';
import { memoryPart } from './memory.ts';
import { recordingPart } from './recording.ts';
import { sendingPart } from './sending.ts';
import { workPart } from './work.ts';

export function markdownOf(report: Report): string {
  return `${introduction(report)}\n\n${partsOf(report)}\n`;
}

/** What was found, without where and when. */
export function partsOf(report: Findings): string {
  const parts = [
    report.recording && recordingPart(report.recording),
    report.sending && sendingPart(report.sending),
    report.growth && growthPart(report.growth),
    report.memory && memoryPart(report.memory),
    report.work && workPart(report.work),
    report.coldStarts && coldStartPart(report.coldStarts),
  ];
  return parts.filter((part) => part !== undefined).join('\n\n');
}

function introduction({ machine, date, took, quick }: Report): string {
  return `# What the functions take

Written by \`npm run bench${quick ? ' -- --quick' : ''}\` on ${date}, in ${took} minutes, on ${inWords(machine)}.
[performance.md](../docs/performance.md) says how each figure is measured and what follows from it.

The deployed files ran between the emulators of Firestore and Pub/Sub, on the same cores as these and as the benchmark.
Absolute figures say more about the machine than about the functions; ratios were taken in turns, within the same minute.`;
}

function inWords({ cores, processor, memory, node }: Machine): string {
  return `${cores} cores (${processor}) with ${memory} GB, Node ${node}`;
}
