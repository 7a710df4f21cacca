/** `npm run pause`: stops all emails at once, or lets them go again. */
import { EVERYONE } from '../functions/src/adapters/firestore/sending-switch.ts';
import { explainedDatabaseError } from './database/error.ts';
import { openDatabase } from './database/open.ts';
import { misused, readCommandLine } from './terminal/command-line.ts';

const help = `npm run pause -- on|off|status [--project PROJECT]

on       stops all emails, within half a minute at the most and without a deployment. Purchases are recorded as
         ever, and the emails they earn are claimed and wait.
off      lets emails go again: resumeEmails sends what has waited, as long as it is no older than GIVE_UP_AFTER.
status   says which it is.

It works on the emulator that FIRESTORE_EMULATOR_HOST names or that npm start has started, and in the cloud when
--project names a project there.`;

const { values, positionals } = readCommandLine({
  help,
  allowPositionals: true,
  options: { project: { type: 'string' } },
});
const [wanted = '', ...others] = positionals;
if (!['on', 'off', 'status'].includes(wanted) || others.length > 0) misused('Say on, off or status.', help);

try {
  const { firestore, place } = await openDatabase(values.project);
  try {
    const pause = firestore.collection('outreach').doc(EVERYONE);
    if (wanted === 'on') await pause.set({ pausedAt: new Date() });
    if (wanted === 'off') await pause.delete();
    const paused = (await pause.get()).exists;
    console.log(`Sending is ${paused ? 'paused' : 'on'} in ${place.description}.`);
  } finally {
    await firestore.terminate();
  }
} catch (error) {
  console.error(explainedDatabaseError(error));
  process.exitCode = 1;
}
