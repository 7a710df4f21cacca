/** `npm run bench`: measures the deployed files on the production-shaped stack, and writes a report. */
import path from 'node:path';
import { buildArchive } from '../local/production/archive.ts';
import { exitWithUsage, readCommandLine } from '../operations/terminal/command-line.ts';
import { exitCodeOf, type Interruption } from '../operations/terminal/interruption.ts';
import { startProgress } from '../operations/terminal/progress.ts';
import { partsOf } from './report/markdown.ts';
import { writeReport } from './report/write.ts';
import { sections, thisMachine, type Findings, type Report } from './sections.ts';
import { full, quick, type Sizes } from './sizes.ts';

const names = Object.keys(sections);

const help = `npm run bench [-- --quick] [--only SECTION]… [--json] [--output FOLDER]

Measures the deployed functions between the emulators, prints the results, and writes them as report.md with its plots.
It takes about half an hour and up to half of the machine's memory. Let nothing else run meanwhile.

  --quick           small sizes, about five minutes; the figures are less precise
  --only SECTION    one of ${names.join(', ')}; may be repeated
  --json            print the results as JSON, to compare two builds with a script
  --output FOLDER   write the report there (default: bench, or nowhere with --quick or --only)`;

const { values } = readCommandLine({
  help,
  options: {
    quick: { type: 'boolean', default: false },
    only: { type: 'string', multiple: true, default: [] },
    json: { type: 'boolean', default: false },
    output: { type: 'string' },
  },
});

process.exit(await exitCodeOf(bench));

async function bench(interruption: Interruption): Promise<number> {
  const chosen = values.only.length > 0 ? values.only : names;
  if (chosen.some((name) => !names.includes(name)))
    exitWithUsage(`--only takes one of ${names.join(', ')}.`, help);
  const report = await measureAll(chosen, values.quick ? quick : full, interruption);
  if (values.json) console.log(JSON.stringify(report, null, 2));
  const partial = values.quick || values.only.length > 0;
  const output = values.output ?? (partial ? undefined : import.meta.dirname);
  if (output !== undefined) {
    await writeReport(report, output);
    console.error(`The report is in ${path.join(output, 'report.md')}.`);
  }
  return 0;
}

async function measureAll(
  chosen: readonly string[],
  sizes: Sizes,
  interruption: Interruption,
): Promise<Report> {
  const start = performance.now();
  const measured = Object.entries(sections).flatMap(([name, section]) =>
    chosen.includes(name) ? [section] : [],
  );
  const steps = measured.reduce((sum, section) => sum + section.steps(sizes), 0);
  const progress = startProgress(steps, 'measurements');
  const archive = await buildArchive();
  try {
    let done = 0;
    const onStep = (): void => {
      progress.update((done += 1));
    };
    let findings: Findings = {};
    for (const { measure } of measured) {
      const found = await measure({ archive: archive.folder, onStep, interruption }, sizes);
      if (!values.json) progress.print(`${partsOf(found)}\n`);
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
