/** `npm run pause`: stops all emails at once, or lets them leave again. */
import { sendingSettings, type SendingSettings } from '../functions/src/adapters/firestore/settings.ts';
import { withDatabase } from './target/database.ts';
import { targetHelp, targetOption } from './target/target.ts';
import { exitWithUsage, partNamed, readCommandLine, runCommand } from './terminal/command-line.ts';
import { escapeControls } from './terminal/format.ts';

const LEAVING =
  'Emails that waited leave with the next run of resumeEmails, within five minutes; npm run resume starts one now.';

const help = `npm run pause -- on|off|status [--why TEXT] [--project PROJECT]

on       stops all emails within half a minute, without a deployment. Purchases are still recorded, and the emails
         they earn are claimed and wait.
off      lets emails leave again. Those that waited are due at once: resumeEmails sends them with its next run, within five
         minutes, unless they are older than GIVE_UP_AFTER. npm run resume starts a run now.
status   says whether sending is paused, since when, and why.

--why TEXT   the reason for pausing or resuming, for everyone who asks for the status later

${targetHelp}`;

const { values, positionals } = readCommandLine({
  help,
  allowPositionals: true,
  options: { ...targetOption, why: { type: 'string' } },
});
const [wanted, ...others] = positionals;
const [, paused] = partNamed(wanted, { on: true, off: false, status: 'unchanged' } as const, help);
if (others.length > 0) exitWithUsage('Put the reason in quotes after --why.', help);

await runCommand(() =>
  withDatabase(values.project, async ({ firestore, target }) => {
    const settings = sendingSettings(firestore);
    if (paused !== 'unchanged') await settings.set(settingsFor(paused, values.why));
    const stored = (await settings.get()).data() as SendingSettings | undefined;
    const state = stored?.paused === true ? 'paused' : 'on';
    console.log(escapeControls(`Sending is ${state} in ${target.description}${detailsOf(stored)}.`));
    if (paused === false) console.error(LEAVING);
  }),
);

function settingsFor(paused: boolean, why: string | undefined): SendingSettings {
  return { paused, since: Date.now(), ...(why !== undefined && { why }) };
}

function detailsOf(stored: SendingSettings | undefined): string {
  if (stored === undefined) return '';
  const why = stored.why === undefined ? '' : `: ${stored.why}`;
  return `, since ${new Date(stored.since).toISOString()}${why}`;
}
