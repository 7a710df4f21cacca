/** `npm run pause`: stops all emails at once, or lets them leave again. */
import { sendingSettings, type SendingSettings } from '../functions/src/adapters/firestore/settings.ts';
import { withDatabase } from './target/database.ts';
import { targetHelp, targetOption } from './target/target.ts';
import { exitWithUsage, onlyArgument, readCommandLine, runCommand } from './terminal/command-line.ts';

const USAGE = 'Say on, off or status.';

const help = `npm run pause -- on|off|status [--why TEXT] [--project PROJECT]

on       stops all emails within half a minute, without a deployment. Purchases are still recorded, and the emails
         they earn are claimed and wait.
off      lets emails leave again: resumeEmails sends those that waited, unless they are older than GIVE_UP_AFTER.
status   says whether sending is paused, since when, and why.

--why TEXT   the reason for pausing or resuming, for everyone who asks for the status later

${targetHelp}`;

const { values, positionals } = readCommandLine({
  help,
  allowPositionals: true,
  options: { ...targetOption, why: { type: 'string' } },
});
const wanted = onlyArgument(positionals, USAGE, help);
if (!['on', 'off', 'status'].includes(wanted)) exitWithUsage(USAGE, help);

await runCommand(() =>
  withDatabase(values.project, async ({ firestore, target }) => {
    const settings = sendingSettings(firestore);
    if (wanted !== 'status') await settings.set(settingsFor(wanted === 'on', values.why));
    const stored = (await settings.get()).data() as SendingSettings | undefined;
    const state = stored?.paused === true ? 'paused' : 'on';
    console.log(`Sending is ${state} in ${target.description}${detailsOf(stored)}.`);
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
