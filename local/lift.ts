/** `npm run lift`: whether the emails win customers, as the control group shows it. */
import { parseEnvironment } from '../functions/src/config/environment.ts';
import { attributionVariables } from '../functions/src/config/variables.ts';
import { explainedDatabaseError } from './database/error.ts';
import { openDatabase } from './database/open.ts';
import { countConversions } from './lift/conversions.ts';
import { sumUpEmails } from './lift/emails.ts';
import { periodOf, type Period } from './lift/period.ts';
import { liftOf } from './lift/verdict.ts';
import { reportInWords, type LiftReport } from './lift/words.ts';
import { misused, readCommandLine } from './terminal/command-line.ts';

const help = `npm run lift -- [--from DATE] [--to DATE] [--project PROJECT] [--json]

Compares how many customers signed up after their first purchase: those with whom outreach is tried, and the control
group, from whom it is withheld by chance. Then the same for the emails, by template and by who chose their content.
Says so when the numbers are too small to tell. Reads every customer and every email of the period once.

A sign-up counts for as long after the first purchase as ATTRIBUTION_WINDOW says (30d), which must be set here as it is
for the functions. It works on the emulator that FIRESTORE_EMULATOR_HOST names or that npm start has started, and in
the cloud when --project names a project there.

  --from DATE         the first day of the period, such as 2026-05-01 (UTC); without it, from the beginning
  --to DATE           its last day; without it, today
  --project PROJECT   a Google Cloud project
  --json              one line of JSON`;

const { values } = readCommandLine({
  help,
  options: {
    from: { type: 'string' },
    to: { type: 'string' },
    project: { type: 'string' },
    json: { type: 'boolean', default: false },
  },
});
const now = Date.now();
const period = givenPeriod();

try {
  const report = await reportOf(period);
  console.log(values.json ? JSON.stringify(report) : reportInWords(report));
} catch (error) {
  console.error(explainedDatabaseError(error));
  process.exitCode = 1;
}

function givenPeriod(): Period {
  try {
    return periodOf(values.from, values.to, now);
  } catch (error) {
    return misused((error as RangeError).message, help);
  }
}

async function reportOf(period: Period): Promise<LiftReport> {
  const window = parseEnvironment(attributionVariables, process.env).ATTRIBUTION_WINDOW;
  const { firestore } = await openDatabase(values.project);
  try {
    const conversions = await countConversions(firestore, period, window, now);
    const emails = await sumUpEmails(firestore, period);
    return { period, window, conversions, lift: liftOf(conversions), emails };
  } finally {
    await firestore.terminate();
  }
}
