/** `npm start`: everything that runs locally, sample purchases, and a live account of what becomes of each. */
import { existsSync } from 'node:fs';
import path from 'node:path';
import { Narration } from './playback/narration.ts';
import { play } from './playback/player.ts';
import { readPurchases, shiftToNow } from './playback/purchase-lines.ts';
import { Settlement } from './playback/settlement.ts';
import { clientsOf } from './stack/clients.ts';
import { PROJECT } from './stack/environment.ts';
import { startLocalStack, type LocalStack } from './stack/local-stack.ts';
import { LOOPBACK } from './stack/ports.ts';
import { anyPorts, standardPorts } from './stack/stack-ports.ts';
import { readCommandLine } from './terminal/command-line.ts';
import { exitCodeOf, type Interruption } from './terminal/interruption.ts';
import { isEmulatorUiDownloaded } from './toolchain/emulator-binaries.ts';
import { repository } from './toolchain/environment.ts';

const SAMPLE = path.join(repository, 'local/samples/purchases.ndjson');
const SEED = path.join(repository, 'emulator-data');

const { values } = readCommandLine({
  help: `npm start -- [--free-ports] [--no-samples]

Starts the emulators with the functions, the SendGrid stand-in with its inbox and the Analytics stand-in, imports the
customers of emulator-data, plays the sample purchases and shows what becomes of each. Ctrl-C stops everything.

  --free-ports    use ports that nobody uses, not the usual ones
  --no-samples    play nothing; publish purchases yourself with npm run publish`,
  options: {
    'free-ports': { type: 'boolean', default: false },
    'no-samples': { type: 'boolean', default: false },
  },
});

process.exit(await exitCodeOf(start));

async function start({ signal, happened }: Interruption): Promise<number> {
  const settlement = new Settlement();
  const narration = new Narration(console.log);
  console.log('Starting the local stack …');
  const stack = await startLocalStack({
    ports: values['free-ports'] ? await anyPorts() : standardPorts(),
    ...(existsSync(path.join(SEED, 'firebase-export-metadata.json')) && { seed: SEED }),
    onLog(log) {
      settlement.observe(log);
      narration.observe(log);
    },
    onEmailEvents(events) {
      for (const event of events) narration.observeEmail(event);
    },
    signal,
  });
  try {
    console.log(whereToLook(stack));
    const samples = values['no-samples'] ? Promise.resolve() : playSamples(stack, settlement);
    throw await Promise.race([samples.then(() => stack.broken), stack.broken, happened]);
  } finally {
    console.log('\nStopping …');
    await stack.stop();
  }
}

async function playSamples(stack: LocalStack, settlement: Settlement): Promise<void> {
  const lines = await readPurchases(SAMPLE);
  await play(shiftToNow(lines, Date.now()), clientsOf(stack.env).transactions, settlement);
  console.log(
    `\nAll ${lines.length} sample purchases have been dealt with. The inbox: ${stack.inboxUrl}\n` +
      'Buy with npm run buy -- EMAIL, sign up with npm run engage -- EMAIL; Ctrl-C stops everything.\n',
  );
}

function whereToLook({ ports, inboxUrl, ingest }: LocalStack): string {
  const rows = [
    ['Inbox', inboxUrl],
    ...(isEmulatorUiDownloaded() ? [['Emulator UI', `http://${LOOPBACK}:${ports.ui}`]] : []),
    ['Pub/Sub', `PUBSUB_EMULATOR_HOST=${LOOPBACK}:${ports.pubsub}`],
    ['Firestore', `FIRESTORE_EMULATOR_HOST=${LOOPBACK}:${ports.firestore}`],
    ['Functions', `http://${LOOPBACK}:${ports.functions}`],
    ['Vendors call', ingest.url],
    ['  with the key', `Authorization: Bearer ${ingest.key}`],
    ['SendGrid stand-in', `http://${LOOPBACK}:${ports.sendgrid}`],
    ['Analytics stand-in', `http://${LOOPBACK}:${ports.analytics}`],
    ['The app (stand-in)', `http://${LOOPBACK}:${ports.family}/join`],
    ['Project', PROJECT],
  ];
  return `\n${rows.map(([name = '', where = '']) => `  ${name.padEnd(20)}${where}`).join('\n')}\n`;
}
