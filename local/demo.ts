/** `npm run demo`: plays a file of purchases on a stack of its own, and ends when all have been dealt with. */
import { createWriteStream } from 'node:fs';
import path from 'node:path';
import { finished } from 'node:stream/promises';
import { play } from './playback/player.ts';
import { readPurchases, shiftToNow, type PurchaseLine } from './playback/purchase-lines.ts';
import { Settlement } from './playback/settlement.ts';
import { inWords, summarize, type Summary } from './playback/summary.ts';
import { clientsOf } from './stack/clients.ts';
import { startLocalStack, type LocalStack } from './stack/local-stack.ts';
import { anyPorts } from './stack/stack-ports.ts';
import { readCommandLine } from './terminal/command-line.ts';
import { exitCodeOf, type Interruption } from './terminal/interruption.ts';
import { startProgress } from './terminal/progress.ts';
import { repository } from './toolchain/environment.ts';

const SAMPLE = path.join(repository, 'local/samples/purchases.ndjson');

const help = `npm run demo -- [--input FILE.ndjson] [--shift-to-now] [--log FILE] [--json]

Starts everything on free ports with an empty database, publishes every line of the file as it stands, and ends when
each purchase has been dealt with and SendGrid's stand-in has reported what became of each email. Exit code 0 when all went well, 1 when anything failed.

  --input FILE      another file, one JSON message a line; - for standard input
                    (without it: the sample purchases, moved to now)
  --shift-to-now    move the file's times by the same span, so that the newest purchase is now
  --log FILE        write down every line that the emulators and the functions print
  --json            end with one line of JSON that holds the counts`;

const { values } = readCommandLine({
  help,
  options: {
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
  const settlement = new Settlement();
  const record = values.log === undefined ? undefined : createWriteStream(values.log);
  console.error('Starting the local stack …');
  const stack = await startLocalStack({
    ports: await anyPorts(),
    onLog: (log) => {
      settlement.observe(log);
    },
    onLine: (line) => record?.write(`${line}\n`),
    signal: interruption.signal,
  });
  try {
    const summary = await Promise.race([
      run(lines, stack, settlement),
      failureOf(stack),
      interruption.happened,
    ]);
    report(summary, settlement);
    return settlement.failures.length === 0 ? 0 : 1;
  } finally {
    await stack.stop();
    if (record) await finished(record.end());
  }
}

async function run(
  lines: readonly PurchaseLine[],
  stack: LocalStack,
  settlement: Settlement,
): Promise<Summary> {
  const { firestore, transactions } = clientsOf(stack.env);
  const progress = startProgress(lines.length, 'purchases');
  try {
    await play(lines, transactions, settlement, progress.update);
  } finally {
    progress.stop();
  }
  await stack.emailsReported();
  return summarize(firestore, lines.length, settlement);
}

async function failureOf(stack: LocalStack): Promise<never> {
  throw await stack.broken;
}

function report(summary: Summary, { failures }: Settlement): void {
  console.log(`\n${inWords(summary)}\n`);
  for (const { event, function: name, error } of failures) console.error(`${event} ${name ?? ''}: ${error}`);
  if (values.json) console.log(JSON.stringify(summary));
}
