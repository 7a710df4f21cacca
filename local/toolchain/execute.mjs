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
  return exitCodeOf(spawn(node, command, { stdio: 'inherit', env: environmentWith(node) }));
}

/**
 * Runs a program to its end without showing what it says.
 * @param {string} program
 * @param {string[]} args
 * @param {import('node:child_process').SpawnOptions} options
 * @returns {Promise<{ code: number, output: string }>}
 */
export async function executeQuietly(program, args, options) {
  const child = spawn(program, args, { ...options, stdio: ['ignore', 'pipe', 'pipe'] });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk) => (output += chunk));
  return { code: await exitCodeOf(child), output };
}

/** The code with which a child ends, which gets every signal that we get. */
async function exitCodeOf(child) {
  const forward = (signal) => child.kill(signal);
  for (const signal of signals) process.on(signal, forward);
  try {
    const [code, signal] = await once(child, 'close');
    return code ?? 128 + constants.signals[signal];
  } finally {
    for (const signal of signals) process.off(signal, forward);
  }
}
