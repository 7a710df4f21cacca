/**
 * `npm test` runs two halves at the same time: the static checks and the tests that cover the functions, and the tests that
 * start processes of their own. The first half ends with random schedules. Each check counts as one test.
 */
import { spawn, type StdioOptions } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, globSync } from 'node:fs';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { readCommandLine } from '../operations/terminal/command-line.ts';
import { repository } from '../local/toolchain/environment.ts';
import { whyEmbedded } from '../local/toolchain/emulator-choice.ts';
import { allSets, packageSet, setsFor } from '../local/toolchain/package-sets.mjs';
import { prepare } from '../local/toolchain/prepare.mjs';
import { HeldOutput } from './support/held-output.ts';

interface Counts {
  readonly passed: number;
  readonly failed: number;
  readonly skipped: number;
}

interface Check {
  readonly name: string;
  /** A program below checks/node_modules/, and its arguments. */
  readonly command: readonly string[];
  readonly remedy: string;
}

const checks: readonly Check[] = [
  { name: 'types', command: ['typescript/bin/tsc', '-p', '.'], remedy: 'Fix the types.' },
  {
    name: 'lint',
    command: ['eslint/bin/eslint.js', '--max-warnings', '0', '.'],
    remedy: 'Fix what the linter reports.',
  },
  {
    name: 'formatting',
    command: ['prettier/bin/prettier.cjs', '--check', '--log-level', 'warn', '.'],
    remedy: 'Run: npm run format',
  },
  {
    name: 'dead code',
    command: ['knip/bin/knip.js', '--no-progress', '--no-config-hints'],
    remedy: 'Delete unused code.',
  },
];

const { values, positionals } = readCommandLine({
  help: `npm test [-- [--grep TEXT] PATH…]

Runs the static checks, then all tests with their coverage. With paths, runs only these tests, without checks and coverage.

  --grep TEXT    only the tests whose titles contain it (a regular expression)`,
  allowPositionals: true,
  options: { grep: { type: 'string' } },
});

const missing = whyEmbedded();
const { FARMACY_CLOUD: cloud = 'embedded' } = process.env;
console.log(
  `Tests that need a cloud run on ${cloud === 'google' ? "Google's emulators" : 'the embedded one'}. ` +
    (missing === undefined
      ? "Google's emulators have been found, and are tested too."
      : `Tests of Google's emulators are skipped (${missing}).`),
);
await installSetsFor(positionals).catch((error: unknown) => {
  console.error((error as Error).message);
  process.exit(1);
});
const counts = positionals.length > 0 || values.grep !== undefined ? [await runChosen()] : await runAll();
const sum = (kind: keyof Counts) => counts.reduce((total, each) => total + each[kind], 0);
const skipped = sum('skipped') > 0 ? `, ${sum('skipped')} skipped` : '';
console.log(`${sum('passed')} passed, ${sum('failed')} failed${skipped}`);
process.exitCode = sum('failed') > 0 ? 1 : 0;

/** @param specs paths or globs; none for all tests and checks. */
async function installSetsFor(specs: readonly string[]): Promise<void> {
  const sets = specs.length > 0 ? specs.flatMap((spec) => globSync(spec)).flatMap(setsOfSpec) : allSets;
  const possible = missing === undefined ? sets : sets.filter((set) => set !== 'local/firebase-tools');
  await prepare([...new Set(possible)].map(packageSet));
}

function setsOfSpec(file: string): string[] {
  return setsFor(path.relative(repository, path.resolve(file)));
}

function runChosen(): Promise<Counts> {
  const specs = positionals.length > 0 ? positionals : ['test/**/*.spec.ts'];
  const grep = values.grep === undefined ? [] : ['--grep', values.grep];
  return runMocha([...specs, ...grep], { output: 'live' });
}

/** The output of the second half comes after that of the first, which ends with random schedules on all processors. */
async function runAll(): Promise<Counts[]> {
  const schedules = ['test/delivery/schedules.spec.ts'];
  const covering = globSync('test/{unit,templates,conformance,emulator}/**/*.spec.ts');
  const exclude = ['test/**/node_modules/**', ...covering, ...schedules];
  const output = new HeldOutput();
  const secondHalf = runMocha(globSync('test/**/*.spec.ts', { exclude }), { output });
  const firstHalf = [
    ...(await runChecks()),
    await runMocha(covering, { output: 'live', isCovering: true }),
    await runMocha(schedules, { output: 'live' }),
  ];
  output.release();
  return [...firstHalf, await secondHalf];
}

async function runChecks(): Promise<Counts[]> {
  const results = [];
  for (const check of checks) results.push(await runCheck(check));
  return results;
}

async function runCheck({ name, command, remedy }: Check): Promise<Counts> {
  const [file = '', ...args] = command;
  const ok = (await run([...program('checks', file), ...args])) === 0;
  console.log(ok ? `✔ ${name}` : `✘ ${name}. ${remedy}`);
  return { passed: ok ? 1 : 0, failed: ok ? 0 : 1, skipped: 0 };
}

interface MochaOptions {
  readonly output: Output;
  /** Whether these tests must cover the functions. */
  readonly isCovering?: boolean;
}

async function runMocha(
  specs: readonly string[],
  { output, isCovering = false }: MochaOptions,
): Promise<Counts> {
  const folder = await mkdtemp(path.join(tmpdir(), 'farmacy-tests-'));
  const file = path.join(folder, 'counts.json');
  const mocha = [
    ...program('test', 'mocha/bin/mocha.js'),
    '--reporter',
    'test/support/reporter.ts',
    ...specs,
  ];
  try {
    const command = isCovering ? [...program('checks', 'c8/bin/c8.js'), ...mocha] : mocha;
    // Compiled code blurs the coverage (https://nodejs.org/docs/latest-v24.x/api/module.html#module-compile-cache).
    const env = {
      TEST_COUNTS: file,
      FARMACY_CLOUD: cloud,
      GOOGLE_EMULATORS_MISSING: missing ?? '',
      ...(isCovering && { NODE_COMPILE_CACHE: '' }),
    };
    const code = await run(command, env, output);
    const none: Counts = { passed: 0, failed: 0, skipped: 0 };
    const reported = existsSync(file) ? (JSON.parse(await readFile(file, 'utf8')) as Counts) : none;
    // A crash, or too little coverage, fails without a failing test.
    return code !== 0 && reported.failed === 0 ? { ...reported, failed: 1 } : reported;
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** @param file below the node_modules/ of a set of packages. */
function program(set: string, file: string): string[] {
  return [process.execPath, path.join(set, 'node_modules', file)];
}

/** Where a program prints: to the terminal at once, or into a buffer. */
type Output = 'live' | HeldOutput;

async function run(
  [command = '', ...args]: readonly string[],
  env: Readonly<Record<string, string>> = {},
  output: Output = 'live',
): Promise<number> {
  const stdio: StdioOptions = output === 'live' ? 'inherit' : ['ignore', 'pipe', 'pipe'];
  const child = spawn(command, args, { stdio, env: { ...process.env, ...env } });
  if (output !== 'live') {
    for (const stream of [child.stdout, child.stderr]) {
      stream?.on('data', (chunk: Uint8Array) => {
        output.write(chunk);
      });
    }
  }
  const [code] = (await once(child, 'close')) as [number | null];
  return code ?? 1;
}
