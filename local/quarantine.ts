/** `npm run quarantine`: lists, shows, replays and discards the messages that were quarantined. */
import { explainedDatabaseError } from './database/error.ts';
import { findDestination } from './publishing/destination.ts';
import { forEachMessage, type Tally } from './quarantine/each.ts';
import { replay } from './quarantine/replay.ts';
import { openQuarantine, type QuarantineStore } from './quarantine/store.ts';
import { contentOf, described, inOneLine } from './quarantine/words.ts';
import { misused, readCommandLine } from './terminal/command-line.ts';
import { confirmed } from './terminal/confirmation.ts';

const help = `npm run quarantine -- list [--reason REASON] [--limit N] [--json]
npm run quarantine -- show ID [--show-personal-data]
npm run quarantine -- replay ID… | --all [--reason REASON]
npm run quarantine -- discard ID… | --all [--reason REASON] [--yes]

Messages that can never succeed, or were delivered in vain as often as is allowed, wait in quarantine for a person.

list      the newest messages: ID, time, reason, topic, size and the first detail
show      all about one message but the values its publisher wrote
replay    publishes messages again to the topic they came from, and takes each out of quarantine once Pub/Sub has it
discard   deletes messages for good, after asking

It works on the emulators that FIRESTORE_EMULATOR_HOST and PUBSUB_EMULATOR_HOST name or that npm start has started, and
in the cloud when --project names a project there. Exit code 0 when all was done, 1 when anything was not.

  --project PROJECT       a Google Cloud project
  --reason REASON         only the messages quarantined for this reason
  --all                   every message, or every one of the reason
  --limit N               how many to list (50)
  --json                  list as one line of JSON
  --show-personal-data    show the message too, with whatever it says about a customer
  --yes                   discard without asking`;

const { values, positionals } = readCommandLine({
  help,
  allowPositionals: true,
  options: {
    project: { type: 'string' },
    reason: { type: 'string' },
    all: { type: 'boolean', default: false },
    limit: { type: 'string', default: '50' },
    json: { type: 'boolean', default: false },
    'show-personal-data': { type: 'boolean', default: false },
    yes: { type: 'boolean', default: false },
  },
});
const [command = '', ...ids] = positionals;
const commands: Readonly<Record<string, (quarantine: QuarantineStore) => Promise<boolean>>> = {
  list: listMessages,
  show: showMessage,
  replay: replayMessages,
  discard: discardMessages,
};
const run = commands[command] ?? misused('Say what to do: list, show, replay or discard.', help);
checkSelection();

try {
  const quarantine = await openQuarantine(values.project);
  try {
    process.exitCode = (await run(quarantine)) ? 0 : 1;
  } finally {
    await quarantine.close();
  }
} catch (error) {
  console.error(explainedDatabaseError(error));
  process.exitCode = 1;
}

function checkSelection(): void {
  if (command === 'list' && ids.length > 0) misused('list takes no ID.', help);
  if (command === 'list' && !/^[1-9]\d{0,5}$/u.test(values.limit))
    misused('--limit takes a number from 1.', help);
  if (command === 'show' && ids.length !== 1) misused('Name one message to show.', help);
  if (command !== 'replay' && command !== 'discard') return;
  if (values.all === ids.length > 0) misused(`Name the messages to ${command}, or --all.`, help);
}

async function listMessages(quarantine: QuarantineStore): Promise<boolean> {
  const limit = Number(values.limit);
  const [entries, count] = await Promise.all([quarantine.newest(values, limit), quarantine.count(values)]);
  if (values.json) {
    console.log(JSON.stringify(entries));
    return true;
  }
  for (const entry of entries) console.log(inOneLine(entry));
  console.error(`${entries.length} of ${messages(count)} in quarantine, ${quarantine.description}.`);
  return true;
}

async function showMessage(quarantine: QuarantineStore): Promise<boolean> {
  const [id = ''] = ids;
  const message = await quarantine.read(id);
  if (message === undefined)
    throw new Error(`There is no message ${id} in quarantine, ${quarantine.description}.`);
  console.log(described(message));
  if (values['show-personal-data']) console.log(`\n${contentOf(message)}`);
  return true;
}

async function replayMessages(quarantine: QuarantineStore): Promise<boolean> {
  const { pubsub } = await findDestination(values.project);
  try {
    const chosen = await chosenIds(quarantine);
    const tally = await forEachMessage(
      chosen,
      async (id) => console.log(`${id} replayed as message ${await replay(id, quarantine, pubsub)}`),
      reportFailure,
    );
    return report('replayed', tally);
  } finally {
    await pubsub.close();
  }
}

async function discardMessages(quarantine: QuarantineStore): Promise<boolean> {
  const chosen = await chosenIds(quarantine);
  const question = `Discard ${messages(chosen.length)} for good, ${quarantine.description}?`;
  if (!values.yes && !(await confirmed(question))) return report('discarded', { done: 0, failed: 0 });
  const discard = async (id: string): Promise<void> => {
    if (!(await quarantine.remove(id))) throw new Error('there is no such message in quarantine');
  };
  return report('discarded', await forEachMessage(chosen, discard, reportFailure));
}

function chosenIds(quarantine: QuarantineStore): Promise<string[]> {
  return values.all ? quarantine.ids(values) : Promise.resolve(ids);
}

function reportFailure(id: string, error: unknown): void {
  console.error(`${id} stays: ${explainedDatabaseError(error)}`);
}

function report(what: string, { done, failed }: Tally): boolean {
  console.error(`${messages(done)} ${what}${failed === 0 ? '' : `, ${failed} not`}.`);
  return failed === 0;
}

function messages(count: number): string {
  return count === 1 ? '1 message' : `${count} messages`;
}
