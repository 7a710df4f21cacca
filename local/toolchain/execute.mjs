import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { constants } from 'node:os';
import path from 'node:path';

/** The environment of this process with the given Node first on the PATH, so that every child process finds it. */
export function environmentWith(node) {
  return { ...process.env, PATH: [path.dirname(node), process.env.PATH].join(path.delimiter) };
}

/** Signals that ask this process to end. Its child ends first. */
const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'];

/**
 * Runs a script in place of this process: same terminal, same signals, same exit code.
 * @param {string} node
 * @param {string[]} command the script and its arguments
 * @returns {Promise<number>} the exit code
 */
export function execute(node, command) {
  const child = spawn(node, command, { stdio: 'inherit', env: environmentWith(node) });
  return exitCodeOf(child, (signal) => child.kill(signal));
}

/**
 * Runs a program and returns its output. A signal to this process kills it: npm would go on for minutes, and the next run
 * must not install at the same time.
 * @param {string} program
 * @param {string[]} args
 * @param {import('node:child_process').SpawnOptions} options
 * @returns {Promise<{ code: number, output: string }>}
 */
export async function executeQuietly(program, args, options) {
  const child = spawn(program, args, { ...options, stdio: ['ignore', 'pipe', 'pipe'] });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk) => (output += chunk));
  const code = await exitCodeOf(child, (signal) => {
    output += `Interrupted by ${signal}.`;
    child.kill('SIGKILL');
  });
  return { code, output };
}

/** The exit code of a child. Until it ends, signals to this process go to `onSignal`. */
async function exitCodeOf(child, onSignal) {
  for (const signal of signals) process.on(signal, onSignal);
  try {
    const [code, signal] = await once(child, 'close');
    return code ?? 128 + constants.signals[signal];
  } finally {
    for (const signal of signals) process.off(signal, onSignal);
  }
}
