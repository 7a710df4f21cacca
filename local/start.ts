/** `npm start`: starts the local stack, plays sample purchases, and prints what becomes of each. */
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
import { anyPorts, standardPorts, type StackPorts } from './stack/stack-ports.ts';
import { isEmulatorUiDownloaded } from './toolchain/emulator-binaries.ts';
import { whyEmbedded } from './toolchain/emulator-choice.ts';
import { repository } from './toolchain/environment.ts';

const SAMPLE = path.join(repository, 'local/samples/purchases.ndjson');

/** How many sample purchases are under way at the same time: few, so that they are printed almost in order. */
const IN_FLIGHT = 6;

const { values } = readCommandLine({
  help: `npm start -- [--embedded | --firebase] [--free-ports] [--no-samples]

Starts Firestore and Pub/Sub with the functions, and stand-ins for SendGrid (with an inbox), Analytics and the app. Imports the
customers of emulator-data, plays the sample purchases and prints what becomes of each. Ctrl-C stops everything.

  --embedded      uses the embedded cloud, which needs only Node
  --firebase      uses the Firebase emulator suite, which needs a JDK 21 or newer
                  (without these: the suite where it is installed, otherwise the embedded cloud)
  --free-ports    uses free ports instead of the usual ones
  --no-samples    plays nothing; publish purchases with npm run publish`,
  options: {
    embedded: { type: 'boolean', default: false },
    firebase: { type: 'boolean', default: false },
    'free-ports': { type: 'boolean', default: false },
    'no-samples': { type: 'boolean', default: false },
  },
});

process.exit(await exitCodeOf(start));

async function start({ signal, happened }: Interruption): Promise<number> {
  const reason = whyEmbedded(process.env, values);
  console.log(
    `Starting the local stack ${reason === undefined ? 'on the Firebase emulator suite' : `on the embedded cloud (${reason})`} …`,
  );
  const ports = values['free-ports'] ? await anyPorts() : standardPorts;
  const clients = clientsOf(clientEnvironment(ports));
  const tracker = new PurchaseTracker();
  const narrate = narrator(clients);
  const stack = await startLocalStack({
    ports,
    isEmbedded: reason !== undefined,
    hasCustomers: true,
    hasInbox: true,
    hasScheduler: true,
    onCrash: (error) => console.error(`${error.message}\nThe next event of the function starts it again.`),
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
    console.log(whereToLook(stack, reason !== undefined));
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
  await play(shiftToNow(lines, Date.now()), transactions, tracker, { inFlight: IN_FLIGHT });
  console.log(
    `\nAll ${lines.length} sample purchases have been handled. The inbox: ${inboxUrl(stack.ports)}\n` +
      'Buy with npm run buy -- EMAIL, sign up with npm run engage -- EMAIL. Ctrl-C stops everything.\n',
  );
}

function inboxUrl({ inbox }: StackPorts): string {
  return `http://${LOOPBACK}:${inbox}`;
}

function whereToLook({ ports, ingest }: LocalStack, isEmbedded: boolean): string {
  const ui: [string, string] = ['Emulator UI', `http://${LOOPBACK}:${ports.ui}`];
  const rows: [string, string][] = [
    ['Inbox', inboxUrl(ports)],
    ...(!isEmbedded && isEmulatorUiDownloaded() ? [ui] : []),
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
