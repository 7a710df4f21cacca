/** `npm test`: the static checks, each of which counts as one test, and the tests with their coverage. */
import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { readCommandLine } from '../operations/terminal/command-line.ts';
import { whyEmbedded } from '../local/toolchain/emulator-choice.ts';

interface Counts {
  readonly passed: number;
  readonly failed: number;
  readonly skipped: number;
}

interface Check {
  readonly name: string;
  /** A program below node_modules/, and its arguments. */
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
console.log(
  missing === undefined
    ? "Tests that need a cloud run on Google's emulators."
    : `Tests that need a cloud run on the embedded one (${missing}). Those of Google's emulators are skipped.`,
);
const all = ['test/**/*.spec.ts'];
const chosen = positionals.length > 0 ? positionals : all;
const counts =
  values.grep !== undefined
    ? [await runMocha([...chosen, '--grep', values.grep], { coverage: false })]
    : chosen !== all
      ? [await runMocha(chosen, { coverage: false })]
      : [...(await runChecks()), await runMocha(all, { coverage: true })];
const sum = (kind: keyof Counts) => counts.reduce((total, each) => total + each[kind], 0);
const skipped = sum('skipped') > 0 ? `, ${sum('skipped')} skipped` : '';
console.log(`${sum('passed')} passed, ${sum('failed')} failed${skipped}`);
process.exitCode = sum('failed') > 0 ? 1 : 0;

async function runChecks(): Promise<Counts[]> {
  const results = [];
  for (const check of checks) results.push(await runCheck(check));
  return results;
}

async function runCheck({ name, command, remedy }: Check): Promise<Counts> {
  const [file = '', ...args] = command;
  const ok = (await run([...program(file), ...args])) === 0;
  console.log(ok ? `✔ ${name}` : `✘ ${name}. ${remedy}`);
  return { passed: ok ? 1 : 0, failed: ok ? 0 : 1, skipped: 0 };
}

async function runMocha(specs: readonly string[], { coverage }: { coverage: boolean }): Promise<Counts> {
  const folder = await mkdtemp(path.join(tmpdir(), 'farmacy-tests-'));
  const file = path.join(folder, 'counts.json');
  const mocha = [...program('mocha/bin/mocha.js'), '--reporter', 'test/support/reporter.ts', ...specs];
  try {
    const code = await run(coverage ? [...program('c8/bin/c8.js'), ...mocha] : mocha, { TEST_COUNTS: file });
    const none: Counts = { passed: 0, failed: 0, skipped: 0 };
    const reported = existsSync(file) ? (JSON.parse(await readFile(file, 'utf8')) as Counts) : none;
    // A crash, or too little coverage, fails without a failing test.
    return code !== 0 && reported.failed === 0 ? { ...reported, failed: 1 } : reported;
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** @param file below node_modules/. */
function program(file: string): string[] {
  return [process.execPath, path.join('node_modules', file)];
}

function run(
  [command = '', ...args]: readonly string[],
  env: Readonly<Record<string, string>> = {},
): Promise<number> {
  const child = spawn(command, args, { stdio: 'inherit', env: { ...process.env, ...env } });
  return new Promise((resolve) => {
    child.once('exit', (code) => {
      resolve(code ?? 1);
    });
  });
}
