/** `npm run bench`: measures what is deployed on the production-shaped stack, and writes a report. */
import path from 'node:path';
import { buildArchive } from '../local/production/archive.ts';
import { misused, readCommandLine } from '../local/terminal/command-line.ts';
import { exitCodeOf, type Interruption } from '../local/terminal/interruption.ts';
import { startProgress } from '../local/terminal/progress.ts';
import { thisMachine } from './machine.ts';
import { partsOf } from './report/markdown.ts';
import { measure, sections, stepsOf, type Findings, type Report, type Section } from './sections.ts';
import { full, quick, type Sizes } from './sizes.ts';
import { writeReport } from './report/write.ts';

const help = `npm run bench [-- --quick] [--only SECTION]… [--output FOLDER]

Measures the deployed functions between the emulators, prints what it finds, and writes it as report.json and report.md
with its plots. It takes some forty minutes and as much memory as half the machine has; let nothing else run meanwhile.

  --quick           small sizes, some six minutes; the figures are less sure
  --only SECTION    one of ${sections.join(', ')}; may be repeated
  --output FOLDER   where the report is written (bench, or nowhere with --quick or --only)`;

const { values } = readCommandLine({
  help,
  options: {
    quick: { type: 'boolean', default: false },
    only: { type: 'string', multiple: true, default: [] },
    output: { type: 'string' },
  },
});

process.exit(await exitCodeOf(bench));

async function bench({ happened }: Interruption): Promise<number> {
  const chosen = sections.filter((section) => values.only.length === 0 || values.only.includes(section));
  if (values.only.some((name) => !sections.some((section) => section === name))) {
    misused(`--only takes one of ${sections.join(', ')}.`, help);
  }
  const report = await measureAll(chosen, values.quick ? quick : full, happened);
  const partly = values.quick || values.only.length > 0;
  const output = values.output ?? (partly ? undefined : import.meta.dirname);
  if (output !== undefined) {
    await writeReport(report, output);
    console.error(`The report is in ${path.join(output, 'report.md')}.`);
  }
  return 0;
}

async function measureAll(
  chosen: readonly Section[],
  sizes: Sizes,
  interrupted: Promise<never>,
): Promise<Report> {
  const start = performance.now();
  const progress = startProgress(
    chosen.reduce((sum, section) => sum + stepsOf(section, sizes), 0),
    'measurements',
  );
  const archive = await buildArchive();
  try {
    let done = 0;
    const onStep = (): void => {
      progress.update((done += 1));
    };
    let findings: Findings = {};
    for (const section of chosen) {
      const found = await measure(section, { archive: archive.folder, onStep, interrupted }, sizes);
      progress.print(`${partsOf(found)}\n`);
      findings = { ...findings, ...found };
    }
    const took = Math.round((performance.now() - start) / 60_000);
    const date = new Date().toISOString().slice(0, 10);
    return { machine: thisMachine(), date, quick: sizes === quick, took, ...findings };
  } finally {
    progress.stop();
    await archive.remove();
  }
}
