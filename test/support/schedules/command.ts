/** `npm run schedules`: plays random schedules, and plants mutants that they must find (docs/schedules.md). */
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { readCommandLine, runCommand } from '../../../operations/terminal/command-line.ts';
import { startProgress } from '../../../operations/terminal/progress.ts';
import { playMutants } from './mutation-test.ts';
import { BLOCK, playBlocks, Player } from './players.ts';

/** How far the last command has come. */
interface Progress {
  readonly seed: number;
  readonly blocks: number;
  readonly done: number;
}

const stateFile = path.join('.toolchain', 'schedules.json');

const { values } = readCommandLine({
  help: `npm run schedules -- [--runs N] [--seed S [--path P]] | --resume | --mutants [--only TEXT]

Plays random schedules of purchases, kills, outages and time against the system, on all processors, and checks its promises.

  --runs N       how many schedules (1,000 without it)
  --seed S       decides everything that happens; a random one without it
  --path P       plays the one schedule that the path leads to, as the error of a failure names it
  --resume       goes on where the last command stopped
  --mutants      plants one fault after another, and prints after how many of the schedules of npm test it is found
  --only TEXT    plants only the faults whose names contain it`,
  options: {
    seed: { type: 'string', default: `${Date.now() % 2 ** 31}` },
    runs: { type: 'string', default: '1000' },
    path: { type: 'string' },
    resume: { type: 'boolean', default: false },
    mutants: { type: 'boolean', default: false },
    only: { type: 'string', default: '' },
  },
});

await runCommand(async () => {
  const seed = wholeNumber('--seed', values.seed);
  if (values.mutants) return printMutants(values.only);
  if (values.path !== undefined) await playOne(seed, values.path);
  else if (values.resume) await playAll(lastProgress());
  else await playAll({ seed, blocks: Math.ceil(wholeNumber('--runs', values.runs) / BLOCK), done: 0 });
  process.stdout.write('Every promise was kept.\n');
});

async function playOne(seed: number, schedulePath: string): Promise<void> {
  const player = new Player();
  const { failure } = await player.play({ seed, runs: BLOCK, path: schedulePath });
  player.close();
  if (failure !== undefined) throw new Error(failure);
}

async function playAll({ seed, blocks, done }: Progress): Promise<void> {
  const first = done * BLOCK;
  process.stdout.write(`Playing ${blocks * BLOCK - first} schedules with the seed ${seed}.\n`);
  const shown = startProgress(blocks * BLOCK, 'schedules');
  try {
    await playBlocks(seed, done, blocks, (block) => {
      shown.update((block + 1) * BLOCK);
      saveProgress({ seed, blocks, done: block + 1 });
    });
  } finally {
    shown.stop();
  }
}

async function printMutants(only: string): Promise<void> {
  let living = 0;
  await playMutants(only, ({ mutant, schedules, promise }) => {
    if (schedules === undefined) living += 1;
    const [line = ''] = promise.split('\n');
    process.stdout.write(`| ${mutant.name} | ${mutant.file} | ${schedules ?? 'lives'} | ${line} |\n`);
  });
  if (living > 0) throw new Error(`The schedules that CI plays did not find ${living} mutants.`);
}

function lastProgress(): Progress {
  if (!existsSync(stateFile)) throw new Error('There is nothing to resume. Start with --runs N.');
  return JSON.parse(readFileSync(stateFile, 'utf8')) as Progress;
}

function saveProgress(progress: Progress): void {
  mkdirSync(path.dirname(stateFile), { recursive: true });
  writeFileSync(stateFile, JSON.stringify(progress));
}

function wholeNumber(option: string, value: string): number {
  if (/^\d+$/u.test(value)) return Number(value);
  throw new Error(`${option} must be a whole number, and is ${value}.`);
}
