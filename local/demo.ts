/** `npm run demo`: plays a file of purchases on a stack of its own, and ends when all are settled. */
import { once } from 'node:events';
import { createWriteStream, type WriteStream } from 'node:fs';
import path from 'node:path';
import { finished } from 'node:stream/promises';
import { play } from './playback/player.ts';
import { readPurchases, type PurchaseLine } from '../operations/publish/purchase-lines.ts';
import { shiftToNow } from './playback/shift-to-now.ts';
import { PurchaseTracker } from './playback/purchase-tracker.ts';
import { summaryText, summarize, type Summary } from './playback/summary.ts';
import { clientsOf } from './stack/clients.ts';
import { clientEnvironment } from './stack/environment.ts';
import { startLocalStack, type LocalStack } from './stack/local-stack.ts';
import { anyPorts } from './stack/stack-ports.ts';
import { readCommandLine } from '../operations/terminal/command-line.ts';
import { exitCodeOf, type Interruption } from '../operations/terminal/interruption.ts';
import { unwritable } from '../operations/terminal/file-errors.ts';
import { startProgress } from '../operations/terminal/progress.ts';
import { whyEmbedded } from './toolchain/emulator-choice.ts';
import { repository } from './toolchain/environment.ts';

const SAMPLE = path.join(repository, 'local/samples/purchases.ndjson');

const help = `npm run demo -- [--embedded | --firebase] [--input FILE.ndjson] [--shift-to-now] [--log FILE] [--json]

Starts a local stack on free ports with an empty database, publishes every line of the file unchanged, and ends when
each purchase is settled and SendGrid's stand-in has reported the events of each email. The exit code is 0 when all
went well, and 1 when anything failed.

  --embedded        uses the embedded cloud, which needs only Node
  --firebase        uses the Firebase emulator suite, which needs a JDK 21 or newer
                    (without these: the suite where it is installed, otherwise the embedded cloud)
  --input FILE      another file, one JSON message a line; - for standard input
                    (without it: the sample purchases, moved to now)
  --shift-to-now    moves the file's times by the same span, so that the newest purchase happens now
  --log FILE        writes every line that the emulators and the functions print to a file
  --json            ends with one line of JSON with the counts`;

const { values } = readCommandLine({
  help,
  options: {
    embedded: { type: 'boolean', default: false },
    firebase: { type: 'boolean', default: false },
    input: { type: 'string' },
    'shift-to-now': { type: 'boolean', default: false },
    log: { type: 'string' },
    json: { type: 'boolean', default: false },
  },
});

process.exit(await exitCodeOf(demo));

async function demo(interruption: Interruption): Promise<number> {
  const asRecorded = await readPurchases(values.input ?? SAMPLE);
  const shift = values['shift-to-now'] || values.input === undefined;
  const lines = shift ? shiftToNow(asRecorded, Date.now()) : asRecorded;
  const tracker = new PurchaseTracker();
  const logFile = values.log === undefined ? undefined : await openLog(values.log);
  console.error('Starting the local stack …');
  const stack = await startLocalStack({
    ports: await anyPorts(),
    isEmbedded: whyEmbedded(process.env, values) !== undefined,
    hasCustomers: false,
    // No one reads the emails, and the same file is to give the same counts at any minute.
    hasInbox: false,
    hasScheduler: false,
    onCrash: (error) => console.error(`${error.message}\nThe next event of the function starts it again.`),
    onLog: (log) => {
      tracker.observe(log);
    },
    onLine: (line) => logFile?.write(`${line}\n`),
    signal: interruption.signal,
  });
  try {
    const summary = await Promise.race([run(lines, stack, tracker), failureOf(stack), interruption.happened]);
    report(summary, tracker);
    return tracker.failures.length === 0 ? 0 : 1;
  } finally {
    await stack.stop();
    if (logFile) await finished(logFile.end());
  }
}

/** @throws Error that names the file when it cannot be written. */
async function openLog(file: string): Promise<WriteStream> {
  const stream = createWriteStream(file);
  try {
    await once(stream, 'open');
    return stream;
  } catch (cause) {
    throw unwritable(file, cause);
  }
}

async function run(
  lines: readonly PurchaseLine[],
  stack: LocalStack,
  tracker: PurchaseTracker,
): Promise<Summary> {
  const { firestore, transactions } = clientsOf(clientEnvironment(stack.ports));
  const progress = startProgress(lines.length, 'purchases');
  try {
    await play(lines, transactions, tracker, { inFlight: stack.inFlight, onProgress: progress.update });
  } finally {
    progress.stop();
  }
  await stack.emailsReported();
  return summarize(firestore, lines.length, tracker);
}

async function failureOf(stack: LocalStack): Promise<never> {
  throw await stack.broken;
}

function report(summary: Summary, { failures }: PurchaseTracker): void {
  console.log(`\n${summaryText(summary)}\n`);
  for (const { event, function: name, error } of failures) console.error(`${event} ${name ?? ''}: ${error}`);
  if (values.json) console.log(JSON.stringify(summary));
}
