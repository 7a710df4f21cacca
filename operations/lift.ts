/** `npm run lift`: whether the emails win customers, compared with the control group. */
import { parseEnvironment } from '../functions/src/config/environment.ts';
import { attributionVariables } from '../functions/src/config/variables.ts';
import { countConversions } from './lift/conversions.ts';
import { sumUpEmails } from './lift/emails.ts';
import { periodOf, type Period } from './lift/period.ts';
import { reportText, type LiftReport } from './lift/text.ts';
import { liftOf } from './lift/verdict.ts';
import { withDatabase } from './target/database.ts';
import { targetHelp, targetOption } from './target/target.ts';
import { exitWithUsage, readCommandLine, runCommand } from './terminal/command-line.ts';

const help = `npm run lift -- [--from DATE] [--to DATE] [--project PROJECT] [--json]

Compares two groups of customers by how many of them signed up after their first purchase: the outreach group, and the
control group, which is drawn at random and gets no emails. Then does the same for the emails, by template and by
content source. Says so when the numbers are too small to tell. Reads every customer and email of the period once.

A sign-up counts if it comes within ATTRIBUTION_WINDOW (30d) of the first purchase. Set it here as it is set for the
functions. ${targetHelp}

  --from DATE         the first day of the period, such as 2026-05-01 (UTC); all time without it
  --to DATE           the last day; today without it
  --project PROJECT   a Google Cloud project
  --json              prints one line of JSON`;

const { values } = readCommandLine({
  help,
  options: {
    ...targetOption,
    from: { type: 'string' },
    to: { type: 'string' },
    json: { type: 'boolean', default: false },
  },
});
const now = Date.now();
const period = givenPeriod();

await runCommand(async () => {
  const report = await reportOf(period);
  console.log(values.json ? JSON.stringify(report) : reportText(report));
});

function givenPeriod(): Period {
  try {
    return periodOf(values.from, values.to, now);
  } catch (error) {
    return exitWithUsage((error as RangeError).message, help);
  }
}

function reportOf(period: Period): Promise<LiftReport> {
  const window = parseEnvironment(attributionVariables, process.env).ATTRIBUTION_WINDOW;
  return withDatabase(values.project, async ({ firestore }) => {
    const conversions = await countConversions(firestore, period, window, now);
    const emails = await sumUpEmails(firestore, period);
    return { period, window, conversions, lift: liftOf(conversions), emails };
  });
}
