/**
 * Measures the local stack on the embedded cloud: how long `npm start` takes to its first purchase, how much memory all its
 * processes hold, and how long `npm run demo` takes. Linux only: it reads /proc.
 *
 *   node local/run.mjs bench/local-stack.ts [purchases of the demo, 5000 without it]
 */
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { createInterface } from 'node:readline';
import { setTimeout as delay } from 'node:timers/promises';
import { descendantsOf } from '../local/stack/process-tree.ts';
import { repository } from '../local/toolchain/environment.ts';
import { addressOf, purchaseBy } from './purchases.ts';

/** How long `npm start` runs after its first purchase, in s, and how often memory is sampled, in ms. */
const DURATION = 120;
const SAMPLE_INTERVAL = 1_000;

/** A line about one purchase: a message ID at its beginning, a decision at its end. */
const DECISION = /^\s*\d+\s.*(?:no email:|email sent:)/u;

const purchases = Number(process.argv[2] ?? 5_000);
await measureStart();
await measureDemo(purchases);

async function measureStart(): Promise<void> {
  const began = performance.now();
  const child = npm(['start', '--', '--embedded', '--free-ports'], ['ignore', 'pipe', 'inherit']);
  const memory = sampleMemory(child);
  await firstLine(child, DECISION);
  print('npm start, to the first purchase', `${secondsSince(began)} s`);
  await delay(DURATION * 1_000);
  const { last, peak } = memory.stop();
  print(`npm start, memory ${DURATION} s later`, `${last} MB in ${await countOf(child)} processes`);
  print('npm start, most memory', `${peak} MB`);
  // As Ctrl-C in a terminal: npm itself passes no SIGINT on.
  process.kill(-(child.pid ?? 0), 'SIGINT');
  await once(child, 'exit');
}

async function measureDemo(count: number): Promise<void> {
  const began = performance.now();
  const child = npm(['run', 'demo', '--', '--embedded', '--input', '-'], ['pipe', 'ignore', 'inherit']);
  const memory = sampleMemory(child);
  for (let n = 0; n < count; n += 1) child.stdin?.write(`${purchaseBy(addressOf('demo', n)).toString()}\n`);
  child.stdin?.end();
  await once(child, 'exit');
  print(`npm run demo, ${count} purchases`, `${secondsSince(began)} s`);
  print('npm run demo, most memory', `${memory.stop().peak} MB`);
}

function npm(
  args: readonly string[],
  stdio: ['ignore' | 'pipe', 'ignore' | 'pipe', 'inherit'],
): ChildProcess {
  return spawn('npm', args, { cwd: repository, stdio, detached: true });
}

/** Resolves with the first line of the output that matches. */
async function firstLine({ stdout }: ChildProcess, pattern: RegExp): Promise<void> {
  if (stdout === null) throw new Error('The output of the command cannot be read.');
  const { promise, resolve } = Promise.withResolvers<undefined>();
  createInterface({ input: stdout }).on('line', (line) => {
    if (pattern.test(line)) resolve(undefined);
  });
  return promise;
}

/** Samples the memory of a process and its descendants until it is stopped. Both figures are in MB. */
function sampleMemory({ pid = 0 }: ChildProcess): { stop(): { last: number; peak: number } } {
  let last = 0;
  let peak = 0;
  const timer = setInterval(() => {
    void memoryOf(pid).then((memory) => {
      last = memory;
      peak = Math.max(peak, memory);
    });
  }, SAMPLE_INTERVAL);
  return {
    stop() {
      clearInterval(timer);
      return { last, peak };
    },
  };
}

/** The proportional set size of a process and its descendants, in MB: shared memory is divided among those that share it. */
async function memoryOf(pid: number): Promise<number> {
  const family = [pid, ...(await descendantsOf(pid))];
  const sizes = await Promise.all(
    family.map(async (member) => {
      // A process may have ended since it was listed.
      const rollup = await readFile(`/proc/${member}/smaps_rollup`, 'utf8').catch(() => '');
      return Number(/^Pss:\s+(\d+) kB/mu.exec(rollup)?.[1] ?? 0);
    }),
  );
  return Math.round(sizes.reduce((sum, size) => sum + size, 0) / 1_024);
}

async function countOf({ pid = 0 }: ChildProcess): Promise<number> {
  return 1 + (await descendantsOf(pid)).length;
}

function secondsSince(began: number): string {
  return ((performance.now() - began) / 1_000).toFixed(1);
}

function print(what: string, figure: string): void {
  console.log(`${what.padEnd(40)}${figure}`);
}
