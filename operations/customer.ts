/** `npm run customer`: shows, explains, exports and erases what is stored about one person. */
import { outreachPolicyConfig } from '../functions/src/config/sending.ts';
import { erase, toErase } from './customer/erase.ts';
import { explanationOf } from './customer/explanation.ts';
import { findHashKey, normalizedAddress, personOf, type Person } from './customer/person.ts';
import { isEmpty, recordsOf } from './customer/records.ts';
import { isKnown, readState, readWaiting, snapshotOf } from './customer/snapshot.ts';
import { erasureText, snapshotText } from './customer/text.ts';
import { withDatabase, type Database } from './target/database.ts';
import { targetHelp, targetOption, type Target } from './target/target.ts';
import {
  confirmed,
  exitWithUsage,
  onlyArgument,
  partNamed,
  readCommandLine,
  runCommand,
} from './terminal/command-line.ts';
import { escapeControls, formatCount, formatDuration, formatTime } from './terminal/format.ts';

const help = `npm run customer -- show|explain EMAIL [--project PROJECT] [--json]
npm run customer -- export EMAIL [--project PROJECT]
npm run customer -- erase EMAIL [--project PROJECT] [--yes] [--json]

show      shows what is known about a person; searches the whole quarantine for their address, as export and erase do
explain   says what the policy does for them now and why, and what their next purchase earns
export    prints all that is stored about them as one JSON object
erase     erases them, after asking; a suppression under their pseudonym stays, so that they get no more emails

People are found by their pseudonyms. That needs the key that the functions have: HASH_KEY. The policy is that of
COOLDOWN, MAX_EMAILS and MAX_TRANSACTION_AGE (docs/configuration.md), which must be set here as they are for the
functions. On the emulator none of them need be set.

${targetHelp}

  --project PROJECT   a Google Cloud project
  --json              prints one line of JSON
  --yes               erases without asking`;

const ERASE_QUESTION = 'Erase this permanently?';
const SUPPRESS_QUESTION = 'Leave a suppression, so that the address never gets an email?';

const { values, positionals } = readCommandLine({
  help,
  allowPositionals: true,
  options: {
    ...targetOption,
    yes: { type: 'boolean', default: false },
    json: { type: 'boolean', default: false },
  },
});
const [command, ...rest] = positionals;
const commands: Readonly<Record<string, (database: Database, person: Person) => Promise<unknown>>> = {
  show: showCustomer,
  explain: explainCustomer,
  export: exportCustomer,
  erase: eraseCustomer,
};
const [, run] = partNamed(command, commands, help);
const address = onlyArgument(rest, 'Name one person by their email address.', help);
const email = normalizedAddress(address) ?? exitWithUsage('That is not an email address.', help);

await runCommand(() =>
  withDatabase(values.project, async (database) =>
    run(database, personOf(email, await findHashKey(database, process.env))),
  ),
);

function print(data: unknown, text: string): void {
  console.log(values.json ? JSON.stringify(data) : text);
}

function notKnownIn(target: Target): string {
  return `Not known: nothing is stored about this address in ${target.description}.`;
}

async function showCustomer({ firestore, target }: Database, person: Person): Promise<void> {
  const snapshot = await snapshotOf(firestore, person);
  const text = `Stored in ${target.description}:\n${snapshotText(snapshot)}`;
  print(snapshot, isKnown(snapshot) ? text : notKnownIn(target));
}

async function explainCustomer({ firestore }: Database, person: Person): Promise<void> {
  const policy = outreachPolicyConfig(process.env);
  const [state, waiting] = await Promise.all([readState(firestore, person), readWaiting(firestore, person)]);
  const sentences = explanationOf({ ...state, ...waiting, policy, now: Date.now() });
  print({ customerId: person.customerId, policy, sentences }, sentences.map(escapeControls).join('\n'));
  console.error(
    `(The policy: ${formatDuration(policy.cooldown)} between two emails, ${formatCount(policy.maxEmails, 'email')} in all, ` +
      `for purchases made less than ${formatDuration(policy.maxTransactionAge)} ago.)`,
  );
}

async function exportCustomer({ firestore, target }: Database, person: Person): Promise<void> {
  const records = await recordsOf(firestore, person);
  if (isEmpty(records)) console.error(notKnownIn(target));
  console.log(JSON.stringify({ exportedAt: new Date().toISOString(), ...records }, undefined, 2));
}

async function eraseCustomer({ firestore, target }: Database, person: Person): Promise<boolean> {
  const snapshot = await snapshotOf(firestore, person);
  const toDo = toErase(snapshot);
  const erasedAt = snapshot.outreach?.suppressions?.erased;
  if (erasedAt !== undefined && Object.values(toDo).every((count) => count === 0)) {
    const text = `Erased already, at ${formatTime(erasedAt)}: only the suppression is stored in ${target.description}.`;
    print({ customerId: person.customerId, ...toDo }, text);
    return true;
  }
  const known = isKnown(snapshot);
  console.error(known ? `To erase in ${target.description}:\n${erasureText(toDo)}` : notKnownIn(target));
  if (!values.yes && !(await confirmed(known ? ERASE_QUESTION : SUPPRESS_QUESTION))) return false;
  const erasure = await erase(firestore, person, Date.now());
  const text = known
    ? `Erased in ${target.description}:\n${erasureText(erasure)}`
    : 'There was nothing to erase.';
  print({ customerId: person.customerId, ...erasure }, text);
  console.error(
    `\nA suppression stays under the pseudonym ${person.customerId}, so that the address gets no more emails.\n` +
      'SendGrid, Analytics, backups and messages under way are out of reach: docs/privacy.md says what to do about them.',
  );
  return true;
}
