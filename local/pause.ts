/** `npm run pause`: stops all emails at once, or lets them go again. */
import { sendingSettings, type SendingSettings } from '../functions/src/adapters/firestore/settings.ts';
import { explainedDatabaseError } from './database/error.ts';
import { openDatabase } from './database/open.ts';
import { misused, readCommandLine } from './terminal/command-line.ts';

const help = `npm run pause -- on|off|status [--why TEXT] [--project PROJECT]

on       stops all emails, within half a minute at the most and without a deployment. Purchases are recorded as
         usual, and the emails they earn are claimed and wait.
off      lets emails go again: resumeEmails sends what has waited, as long as it is no older than GIVE_UP_AFTER.
status   says which it is, since when, and why.

--why    the reason for pausing or resuming, for everyone who asks for the status later.

It works on the emulator that FIRESTORE_EMULATOR_HOST names or that npm start has started, and in the cloud when
--project names a project there.`;

const { values, positionals } = readCommandLine({
  help,
  allowPositionals: true,
  options: { project: { type: 'string' }, why: { type: 'string' } },
});
const [wanted = '', ...others] = positionals;
if (!['on', 'off', 'status'].includes(wanted) || others.length > 0) misused('Say on, off or status.', help);

try {
  const { firestore, place } = await openDatabase(values.project);
  try {
    const settings = sendingSettings(firestore);
    if (wanted !== 'status') await settings.set(settingsFor(wanted === 'on', values.why));
    const stored = (await settings.get()).data() as SendingSettings | undefined;
    console.log(
      `Sending is ${stored?.paused === true ? 'paused' : 'on'} in ${place.description}${details(stored)}.`,
    );
  } finally {
    await firestore.terminate();
  }
} catch (error) {
  console.error(explainedDatabaseError(error));
  process.exitCode = 1;
}

function settingsFor(paused: boolean, why: string | undefined): SendingSettings {
  return { paused, since: Date.now(), ...(why !== undefined && { why }) };
}

function details(stored: SendingSettings | undefined): string {
  if (stored === undefined) return '';
  const why = stored.why === undefined ? '' : `: ${stored.why}`;
  return `, since ${new Date(stored.since).toISOString()}${why}`;
}
