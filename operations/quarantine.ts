/** `npm run quarantine`: lists, shows, replays and discards the messages that were quarantined. */
import { processAll, type Tally } from './quarantine/process-all.ts';
import { replay } from './quarantine/replay.ts';
import { QuarantineStore } from './quarantine/store.ts';
import { contentText, detailsText, summaryLine } from './quarantine/text.ts';
import { withDatabase } from './target/database.ts';
import { explainDatabaseError } from './target/errors.ts';
import { connectPubsub } from './target/pubsub.ts';
import { targetHelp, targetOption } from './target/target.ts';
import { confirmed, exitWithUsage, partNamed, readCommandLine, runCommand } from './terminal/command-line.ts';
import { formatCount } from './terminal/format.ts';

const help = `npm run quarantine -- list [--reason REASON] [--limit N] [--json]
npm run quarantine -- show ID [--show-personal-data]
npm run quarantine -- replay ID… | --all [--reason REASON]
npm run quarantine -- discard ID… | --all [--reason REASON] [--yes]

The quarantine holds messages that can never succeed, and messages whose deliveries all failed.

list      shows the newest messages: ID, time, reason, topic, size and the first detail
show      shows everything about one message except the values that its publisher wrote
replay    publishes messages to their topic again, and removes each from quarantine once Pub/Sub has it
discard   deletes messages permanently, after asking

${targetHelp} The exit code is 0 when everything was done, and 1 otherwise.

  --project PROJECT       a Google Cloud project
  --reason REASON         only messages that were quarantined for this reason
  --all                   every message, or every message with the reason
  --limit N               how many to list (50)
  --json                  lists as one line of JSON
  --show-personal-data    shows the message too, with all that it says about a customer
  --yes                   discards without asking`;

const { values, positionals } = readCommandLine({
  help,
  allowPositionals: true,
  options: {
    ...targetOption,
    reason: { type: 'string' },
    all: { type: 'boolean', default: false },
    limit: { type: 'string', default: '50' },
    json: { type: 'boolean', default: false },
    'show-personal-data': { type: 'boolean', default: false },
    yes: { type: 'boolean', default: false },
  },
});
const [given, ...ids] = positionals;
const commands: Readonly<Record<string, (quarantine: QuarantineStore) => Promise<unknown>>> = {
  list: listMessages,
  show: showMessage,
  replay: replayMessages,
  discard: discardMessages,
};
const [command, run] = partNamed(given, commands, help);
checkSelection();

await runCommand(() =>
  withDatabase(values.project, ({ firestore, target }) =>
    run(new QuarantineStore(firestore, target.description)),
  ),
);

function checkSelection(): void {
  if (command === 'list' && ids.length > 0) exitWithUsage('list takes no ID.', help);
  if (command === 'list' && !/^[1-9]\d{0,5}$/u.test(values.limit))
    exitWithUsage('--limit takes a number from 1.', help);
  if (command === 'show' && ids.length !== 1) exitWithUsage('Name one message to show.', help);
  if (command !== 'replay' && command !== 'discard') return;
  if (values.all === ids.length > 0) exitWithUsage(`Name the messages to ${command}, or --all.`, help);
}

async function listMessages(quarantine: QuarantineStore): Promise<void> {
  const limit = Number(values.limit);
  const [entries, count] = await Promise.all([quarantine.newest(values, limit), quarantine.count(values)]);
  if (values.json) {
    console.log(JSON.stringify(entries));
    return;
  }
  for (const entry of entries) console.log(summaryLine(entry));
  console.error(`${entries.length} of ${messages(count)} in the quarantine of ${quarantine.description}.`);
}

async function showMessage(quarantine: QuarantineStore): Promise<void> {
  const [id = ''] = ids;
  const message = await quarantine.read(id);
  if (message === undefined)
    throw new Error(`There is no message ${id} in the quarantine of ${quarantine.description}.`);
  console.log(detailsText(message));
  if (values['show-personal-data']) console.log(`\n${contentText(message)}`);
}

async function replayMessages(quarantine: QuarantineStore): Promise<boolean> {
  const { pubsub } = await connectPubsub(values.project);
  const replayOne = async (id: string): Promise<void> => {
    console.log(`${id} replayed as message ${await replay(id, quarantine, pubsub)}`);
  };
  try {
    return report('replayed', await processAll(await chosenIds(quarantine), replayOne, reportFailure));
  } finally {
    await pubsub.close();
  }
}

async function discardMessages(quarantine: QuarantineStore): Promise<boolean> {
  const chosen = await chosenIds(quarantine);
  const question = `Discard ${messages(chosen.length)} of ${quarantine.description} permanently?`;
  if (!values.yes && !(await confirmed(question))) return report('discarded', { done: 0, failed: 0 });
  const discard = async (id: string): Promise<void> => {
    if (!(await quarantine.remove(id))) throw new Error('there is no such message in quarantine');
  };
  return report('discarded', await processAll(chosen, discard, reportFailure));
}

function chosenIds(quarantine: QuarantineStore): Promise<string[]> {
  return values.all ? quarantine.ids(values) : Promise.resolve(ids);
}

function reportFailure(id: string, error: unknown): void {
  console.error(`${id} stays: ${explainDatabaseError(error)}`);
}

function report(what: string, { done, failed }: Tally): boolean {
  console.error(`${messages(done)} ${what}${failed === 0 ? '' : `, ${failed} not`}.`);
  return failed === 0;
}

function messages(count: number): string {
  return formatCount(count, 'message');
}
