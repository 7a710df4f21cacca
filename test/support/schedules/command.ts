/**
 * `npm run schedules -- [--seed S] [--runs N] [--path P]`: plays N random schedules (1,000 by default) against the
 * system on the Firestore emulator. The seed determines the schedules. With a path, it plays the one that the path leads to.
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
  process.stdout.write(`Playing ${runs} schedules with the seed ${seed}.\n`);
  await playSchedules({ seed: Number(seed), runs: Number(runs), ...(path && { path }) });
  process.stdout.write('Every promise was kept.\n');
} catch (error) {
  process.stderr.write(`${inspect(error)}\n`);
  process.exitCode = 1;
} finally {
  await mochaGlobalTeardown();
}
