/** `npm run report`: how often people buy again soon, from a file of transactions or from Firestore. */
import { stat, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { openDatabase } from './database/open.ts';
import { openPurchases } from './playback/purchase-lines.ts';
import { PurchaseHistory, type Purchase } from './report/history.ts';
import { reportPage } from './report/page.ts';
import { purchasesInFile, type BadLine } from './report/purchases-in-file.ts';
import { purchasesInFirestore } from './report/purchases-in-firestore.ts';
import { repurchaseIn } from './report/repurchase.ts';
import { misused, readCommandLine } from './terminal/command-line.ts';
import { exitCodeOf } from './terminal/interruption.ts';
import { startProgress } from './terminal/progress.ts';

/** Enough bad lines to see what is wrong with a file; all of them are counted. */
const BAD_LINES_SHOWN = 20;

const help = `npm run report -- --input FILE.ndjson | --project PROJECT [--output FILE.html] [--json]

How often do people buy again soon, and how many emails would each cooldown mean?

  --input FILE       transactions, one JSON message a line; - for standard input
  --project PROJECT  what is stored in Firestore, on the emulator or in the cloud
  --output FILE      where the page is written (report.html)
  --json             one line of JSON with the counts, and no page`;

const { values } = readCommandLine({
  help,
  options: {
    input: { type: 'string' },
    project: { type: 'string' },
    output: { type: 'string', default: 'report.html' },
    json: { type: 'boolean', default: false },
  },
});

process.exit(await exitCodeOf(report));

async function report(): Promise<number> {
  if ((values.input === undefined) === (values.project === undefined)) {
    misused('Name one source of transactions: --input or --project.', help);
  }
  const history = new PurchaseHistory();
  const bad = values.input === undefined ? await readStored(history) : await readFile(values.input, history);
  tellBadLines(bad);
  const found = repurchaseIn(history);
  if (values.json) {
    console.log(JSON.stringify(found));
    return 0;
  }
  await writeFile(values.output, reportPage(found, history));
  console.log(`The report is in ${path.resolve(values.output)}.`);
  return 0;
}

/** Every bad line is counted; the first few are shown. */
interface BadLines {
  count: number;
  readonly first: BadLine[];
}

async function readFile(file: string, history: PurchaseHistory): Promise<BadLines> {
  const bad: BadLines = { count: 0, first: [] };
  const onBadLine = (line: BadLine) => {
    bad.count += 1;
    if (bad.first.length < BAD_LINES_SHOWN) bad.first.push(line);
  };
  const input = openPurchases(file);
  const progress = startProgress(await megabytesOf(file), 'MB');
  try {
    for await (const purchase of purchasesInFile(input, onBadLine)) {
      history.add(purchase);
      progress.update(Math.ceil(input.bytesRead / 1e6));
    }
  } catch (cause) {
    throw new Error(`${file} cannot be read: ${(cause as Error).message}`, { cause });
  } finally {
    progress.stop();
  }
  return bad;
}

/** Undefined for standard input, whose end nobody knows. */
async function megabytesOf(file: string): Promise<number | undefined> {
  return file === '-' ? undefined : Math.ceil((await stat(file)).size / 1e6);
}

async function readStored(history: PurchaseHistory): Promise<BadLines> {
  const { firestore, place } = await openDatabase(values.project);
  console.error(`Reading the transactions of ${place.description} …`);
  const total = (await firestore.collection('transactions').count().get()).data().count;
  const progress = startProgress(total, 'transactions');
  const read = (purchases: AsyncIterable<Purchase>) => addAll(purchases, history, progress.update);
  await read(purchasesInFirestore(firestore)).finally(progress.stop);
  return { count: 0, first: [] };
}

async function addAll(
  purchases: AsyncIterable<Purchase>,
  history: PurchaseHistory,
  onAdded: (done: number) => void,
) {
  let done = 0;
  for await (const purchase of purchases) {
    history.add(purchase);
    onAdded((done += 1));
  }
}

function tellBadLines({ count, first }: BadLines): void {
  if (count === 0) return;
  console.error(`${count} bad ${count === 1 ? 'line was' : 'lines were'} left out:`);
  for (const { number, details } of first) console.error(`  line ${number}: ${details.join('; ')}`);
  if (count > first.length) console.error(`  and ${count - first.length} more`);
}
