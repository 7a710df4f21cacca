/** `npm start`: starts the local stack, plays sample purchases, and prints what becomes of each. */
import { existsSync } from 'node:fs';
import path from 'node:path';
import { LOOPBACK, PROJECT } from '../operations/target/local-stack.ts';
import { readPurchases } from '../operations/publish/purchase-lines.ts';
import { readCommandLine } from '../operations/terminal/command-line.ts';
import { formatRows } from '../operations/terminal/format.ts';
import { exitCodeOf, type Interruption } from '../operations/terminal/interruption.ts';
import { CustomerNames } from './playback/customer-names.ts';
import { Narration } from './playback/narration.ts';
import { play } from './playback/player.ts';
import { PurchaseTracker } from './playback/purchase-tracker.ts';
import { shiftToNow } from './playback/shift-to-now.ts';
import { clientsOf, type Clients } from './stack/clients.ts';
import { clientEnvironment } from './stack/environment.ts';
import { startLocalStack, type LocalStack } from './stack/local-stack.ts';
import { anyPorts, standardPorts } from './stack/stack-ports.ts';
import { isEmulatorUiDownloaded } from './toolchain/emulator-binaries.ts';
import { repository } from './toolchain/environment.ts';

const SAMPLE = path.join(repository, 'local/samples/purchases.ndjson');
const SEED = path.join(repository, 'emulator-data');

const { values } = readCommandLine({
  help: `npm start -- [--free-ports] [--no-samples]

Starts the emulators with the functions, and stand-ins for SendGrid (with an inbox), Analytics and the app. Imports the
customers of emulator-data, plays the sample purchases and prints what becomes of each. Ctrl-C stops everything.

  --free-ports    uses free ports instead of the usual ones
  --no-samples    plays nothing; publish purchases with npm run publish`,
  options: {
    'free-ports': { type: 'boolean', default: false },
    'no-samples': { type: 'boolean', default: false },
  },
});

process.exit(await exitCodeOf(start));

async function start({ signal, happened }: Interruption): Promise<number> {
  console.log('Starting the local stack …');
  const ports = values['free-ports'] ? await anyPorts() : standardPorts;
  const clients = clientsOf(clientEnvironment(ports));
  const tracker = new PurchaseTracker();
  const narrate = narrator(clients);
  const stack = await startLocalStack({
    ports,
    ...(existsSync(path.join(SEED, 'firebase-export-metadata.json')) && { seed: SEED }),
    onLog(log) {
      tracker.observe(log);
      narrate('customerId' in log ? log.customerId : undefined, (narration) => {
        narration.observe(log);
      });
    },
    onEmailEvents(events) {
      for (const event of events) {
        narrate(String(event['emailId']).split('~')[0], (narration) => {
          narration.observeEmail(event);
        });
      }
    },
    signal,
  });
  try {
    console.log(whereToLook(stack));
    const samples = values['no-samples'] ? Promise.resolve() : playSamples(stack, clients, tracker);
    throw await Promise.race([samples.then(() => stack.broken), stack.broken, happened]);
  } finally {
    console.log('\nStopping …');
    await stack.stop();
  }
}

/** Prints in order. The name of a customer has to be looked up before the narration can use it. */
function narrator({ firestore }: Clients) {
  const names = new CustomerNames(firestore);
  const narration = new Narration(console.log, (customerId) => names.of(customerId));
  let last = Promise.resolve();
  return (customerId: string | undefined, tell: (narration: Narration) => void): void => {
    last = last.then(async () => {
      if (customerId !== undefined) await names.learn(customerId).catch(() => undefined);
      tell(narration);
    });
  };
}

async function playSamples(
  stack: LocalStack,
  { transactions }: Clients,
  tracker: PurchaseTracker,
): Promise<void> {
  const lines = await readPurchases(SAMPLE);
  await play(shiftToNow(lines, Date.now()), transactions, tracker);
  console.log(
    `\nAll ${lines.length} sample purchases have been handled. The inbox: ${stack.inboxUrl}\n` +
      'Buy with npm run buy -- EMAIL, sign up with npm run engage -- EMAIL. Ctrl-C stops everything.\n',
  );
}

function whereToLook({ ports, inboxUrl, ingest }: LocalStack): string {
  const ui: [string, string] = ['Emulator UI', `http://${LOOPBACK}:${ports.ui}`];
  const rows: [string, string][] = [
    ['Inbox', inboxUrl],
    ...(isEmulatorUiDownloaded() ? [ui] : []),
    ['Pub/Sub', `PUBSUB_EMULATOR_HOST=${LOOPBACK}:${ports.pubsub}`],
    ['Firestore', `FIRESTORE_EMULATOR_HOST=${LOOPBACK}:${ports.firestore}`],
    ['Functions', `http://${LOOPBACK}:${ports.functions}`],
    ['Vendors call', ingest.url],
    ['  with the key', `Authorization: Bearer ${ingest.key}`],
    ['SendGrid stand-in', `http://${LOOPBACK}:${ports.sendgrid}`],
    ['Analytics stand-in', `http://${LOOPBACK}:${ports.analytics}`],
    ['The app (stand-in)', `http://${LOOPBACK}:${ports.app}/join`],
    ['Project', PROJECT],
  ];
  return `\n${formatRows(
    rows.map(([name, where]) => [`  ${name}`, where]),
    22,
  )}\n`;
}
