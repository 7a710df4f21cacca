import { spawn } from 'node:child_process';
import { constants } from 'node:os';
import path from 'node:path';

/** This environment, with the given Node first in the PATH: whatever is started from here finds the same one. */
export function environmentWith(node) {
  return { ...process.env, PATH: [path.dirname(node), process.env.PATH].join(path.delimiter) };
}

/**
 * Runs a script as if it had been started instead of us: same terminal, same signals, same exit code.
 * @param {string} node
 * @param {string[]} command the script and its arguments
 * @returns {Promise<number>} the exit code
 */
export function execute(node, command) {
  const child = spawn(node, command, { stdio: 'inherit', env: environmentWith(node) });
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => child.kill(signal));
  return new Promise((resolve, reject) => {
    child.on('error', reject);
    child.on('exit', (code, signal) => resolve(code ?? 128 + constants.signals[signal]));
  });
}
