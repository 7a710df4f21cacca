/** `npm run report`: how often people buy again soon, from a file of transactions or from Firestore. */
import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { withLinesOf, type BadLine } from './publish/purchase-lines.ts';
import { PurchaseHistory } from './report/history.ts';
import { reportPage } from './report/page.ts';
import { purchasesInFile } from './report/purchases-in-file.ts';
import { purchasesInFirestore } from './report/purchases-in-firestore.ts';
import { repurchaseIn } from './report/repurchase.ts';
import { withDatabase } from './target/database.ts';
import { countOf } from './target/queries.ts';
import { targetOption } from './target/target.ts';
import { exitWithUsage, readCommandLine, runCommand } from './terminal/command-line.ts';
import { unwritable } from './terminal/file-errors.ts';
import { formatCount } from './terminal/format.ts';
import { startProgress } from './terminal/progress.ts';

/** The most bad lines that are printed. All of them are counted. */
const BAD_LINES_SHOWN = 20;

const help = `npm run report -- --input FILE.ndjson | --project PROJECT [--output FILE.html] [--json]

How often do people buy again soon, and how many emails would each cooldown mean?

  --input FILE       transactions, one JSON message a line; - for standard input
  --project PROJECT  what is stored in Firestore, on the emulator or in the cloud
  --output FILE      where the page is written (report.html)
  --json             prints one line of JSON with the counts and writes no page`;

const { values } = readCommandLine({
  help,
  options: {
    ...targetOption,
    input: { type: 'string' },
    output: { type: 'string', default: 'report.html' },
    json: { type: 'boolean', default: false },
  },
});
if ((values.input === undefined) === (values.project === undefined)) {
  exitWithUsage('Name one source of transactions: --input or --project.', help);
}

await runCommand(async () => {
  const history = new PurchaseHistory();
  if (values.input === undefined) await readDatabase(history);
  else await readFile(values.input, history);
  if (values.input !== undefined && history.transactions === 0)
    throw new Error('There is no purchase to report on.');
  const repurchase = repurchaseIn(history);
  if (values.json) {
    console.log(JSON.stringify(repurchase));
    return;
  }
  await writeFile(values.output, reportPage(repurchase, history)).catch((cause: unknown) => {
    throw unwritable(values.output, cause);
  });
  console.log(`The report is in ${path.resolve(values.output)}.`);
});

async function readFile(file: string, history: PurchaseHistory): Promise<void> {
  const shown: BadLine[] = [];
  let bad = 0;
  const onBadLine = (line: BadLine): void => {
    bad += 1;
    if (shown.length < BAD_LINES_SHOWN) shown.push(line);
  };
  await withLinesOf(file, async (lines) => {
    for await (const purchase of purchasesInFile(lines, onBadLine)) history.add(purchase);
  });
  if (bad === 0) return;
  console.error(`${formatCount(bad, 'bad line')} ${bad === 1 ? 'was' : 'were'} left out:`);
  for (const { number, details } of shown) console.error(`  line ${number}: ${details.join('; ')}`);
  if (bad > shown.length) console.error(`  and ${bad - shown.length} more`);
}

async function readDatabase(history: PurchaseHistory): Promise<void> {
  await withDatabase(values.project, async ({ firestore, target }) => {
    console.error(`Reading the transactions of ${target.description} …`);
    const total = await countOf(firestore.collection('transactions'));
    const progress = startProgress(total, 'transactions');
    let done = 0;
    try {
      for await (const purchase of purchasesInFirestore(firestore)) {
        history.add(purchase);
        progress.update((done += 1));
      }
    } finally {
      progress.stop();
    }
  });
}
