/** `npm run customer`: shows, explains, exports and erases what is stored about one person. */
import { outreachPolicyConfig } from '../functions/src/config/sending.ts';
import { erase, toErase } from './customer/erase.ts';
import { explanationOf } from './customer/explanation.ts';
import { findHashKey } from './customer/hash-key.ts';
import { normalizedAddress, personOf, type Person } from './customer/person.ts';
import { portraitOf, standingOf } from './customer/portrait.ts';
import { recordsOf } from './customer/records.ts';
import { erasureInWords, portraitInWords } from './customer/words.ts';
import { explainedDatabaseError } from './database/error.ts';
import { openDatabase, type Database } from './database/open.ts';
import { misused, readCommandLine } from './terminal/command-line.ts';
import { confirmed } from './terminal/confirmation.ts';
import { spanInWords } from './terminal/times.ts';

const help = `npm run customer -- show|explain EMAIL [--project PROJECT] [--json]
npm run customer -- export EMAIL [--project PROJECT]
npm run customer -- erase EMAIL [--project PROJECT] [--yes] [--json]

show      what is known about a person
explain   what the policy does for them now and why, and what their next purchase would earn
export    all that is stored about them, as one JSON object; searches the whole quarantine for their address
erase     forgets them, after asking; a suppression under their pseudonym stays, so that they are not written to again

People are found by their pseudonyms, which take the key that the functions have: HASH_KEY. The policy is the one of
COOLDOWN, MAX_EMAILS and MAX_TRANSACTION_AGE (docs/configuration.md), which must be set here as they are for the
functions. On the emulator neither need be set.

It works on the emulator that FIRESTORE_EMULATOR_HOST names or that npm start has started, and in the cloud when
--project names a project there. Exit code 0 when all was done, 1 when anything was not.

  --project PROJECT   a Google Cloud project
  --yes               erase without asking
  --json              one line of JSON`;

const { values, positionals } = readCommandLine({
  help,
  allowPositionals: true,
  options: {
    project: { type: 'string' },
    yes: { type: 'boolean', default: false },
    json: { type: 'boolean', default: false },
  },
});
const [command = '', address, ...others] = positionals;
const commands: Readonly<Record<string, (database: Database, person: Person) => Promise<boolean>>> = {
  show: showCustomer,
  explain: explainCustomer,
  export: exportCustomer,
  erase: eraseCustomer,
};
const run = commands[command] ?? misused('Say what to do: show, explain, export or erase.', help);
if (address === undefined || others.length > 0) misused('Name one person by their email address.', help);
const email = normalizedAddress(address) ?? misused('That is not an email address.', help);

try {
  const database = await openDatabase(values.project);
  try {
    const person = personOf(email, await findHashKey(database, process.env));
    process.exitCode = (await run(database, person)) ? 0 : 1;
  } finally {
    await database.firestore.terminate();
  }
} catch (error) {
  console.error(explainedDatabaseError(error));
  process.exitCode = 1;
}

async function showCustomer({ firestore, place }: Database, person: Person): Promise<boolean> {
  const portrait = await portraitOf(firestore, person);
  if (values.json) console.log(JSON.stringify(portrait));
  else console.log(`Known about them, ${place.description}:\n${portraitInWords(portrait)}`);
  return true;
}

async function explainCustomer({ firestore }: Database, person: Person): Promise<boolean> {
  const policy = outreachPolicyConfig(process.env);
  const sentences = explanationOf({ ...(await standingOf(firestore, person)), policy, now: Date.now() });
  if (values.json) console.log(JSON.stringify({ customerId: person.customerId, policy, sentences }));
  else console.log(sentences.join('\n'));
  console.error(
    `(The policy: ${spanInWords(policy.cooldown)} between two emails, ${policy.maxEmails} emails in all, ` +
      `purchases of up to ${spanInWords(policy.maxTransactionAge)} ago.)`,
  );
  return true;
}

async function exportCustomer({ firestore }: Database, person: Person): Promise<boolean> {
  const records = await recordsOf(firestore, person);
  console.log(JSON.stringify({ exportedAt: new Date().toISOString(), ...records }, undefined, 2));
  return true;
}

async function eraseCustomer({ firestore, place }: Database, person: Person): Promise<boolean> {
  if (!values.yes) {
    console.error(`There is, ${place.description}:\n${erasureInWords(await toErase(firestore, person))}`);
    if (!(await confirmed('Erase this for good?'))) return false;
  }
  const erasure = await erase(firestore, person, Date.now());
  if (values.json) console.log(JSON.stringify({ customerId: person.customerId, ...erasure }));
  else console.log(`Erased, ${place.description}:\n${erasureInWords(erasure)}`);
  console.error(
    `\nA suppression stays under the pseudonym ${person.customerId}: it is not written to again.\n` +
      'SendGrid, Analytics, backups and messages still on their way are out of reach: docs/privacy.md says what to do.',
  );
  return true;
}
