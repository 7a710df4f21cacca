/**
 * `npm run schedules -- [--seed S] [--runs N] [--path P]`: plays N random schedules (1,000 by default), decided by
 * the seed, against the system on the Firestore emulator. With a path, only the schedule it leads to.
 */
import { inspect, parseArgs } from 'node:util';
import { mochaGlobalTeardown } from '../emulators.ts';
import { playSchedules } from './play.ts';

const { values } = parseArgs({
  options: {
    seed: { type: 'string', default: `${Date.now() % 2 ** 31}` },
    runs: { type: 'string', default: '1000' },
    path: { type: 'string' },
  },
});
const { seed, runs, path } = values;

try {
  process.stdout.write(`Playing ${runs} schedules of the seed ${seed}.\n`);
  await playSchedules({ seed: Number(seed), runs: Number(runs), ...(path && { path }) });
  process.stdout.write('Every promise was kept.\n');
} catch (error) {
  process.stderr.write(`${inspect(error)}\n`);
  process.exitCode = 1;
} finally {
  await mochaGlobalTeardown();
}
