import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { constants } from 'node:os';
import path from 'node:path';

/** This environment, with the given Node first in the PATH: whatever is started from here finds the same one. */
export function environmentWith(node) {
  return { ...process.env, PATH: [path.dirname(node), process.env.PATH].join(path.delimiter) };
}

/** What a person or a system sends to end us. Who was started from here must end first. */
const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'];

/**
 * Runs a script as if it had been started instead of us: same terminal, same signals, same exit code.
 * @param {string} node
 * @param {string[]} command the script and its arguments
 * @returns {Promise<number>} the exit code
 */
export function execute(node, command) {
  const child = spawn(node, command, { stdio: 'inherit', env: environmentWith(node) });
  return exitCodeOf(child, (signal) => child.kill(signal));
}

/**
 * Runs a program to its end without showing what it says. A signal to us ends it at once: npm would go on for
 * minutes, and the next run must not install beside it.
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

/** The code with which a child ends; `onSignal` is told every signal that we get before. */
async function exitCodeOf(child, onSignal) {
  for (const signal of signals) process.on(signal, onSignal);
  try {
    const [code, signal] = await once(child, 'close');
    return code ?? 128 + constants.signals[signal];
  } finally {
    for (const signal of signals) process.off(signal, onSignal);
  }
}
