import { mkdirSync } from 'node:fs';
import path from 'node:path';
import { environmentWith, executeQuietly } from './execute.mjs';
import { repository, toolchainFolder } from './paths.mjs';

/** What to do about the errors that npm reports by these codes. */
const cures = [
  {
    codes: ['EAI_AGAIN', 'ECONNREFUSED', 'ECONNRESET', 'ENOTFOUND', 'ERR_SOCKET_TIMEOUT', 'ETIMEDOUT'],
    cure: 'npm cannot reach its registry. Check the connection and the proxy (npm config get registry), and try again.',
  },
  {
    codes: ['E401', 'E403', 'E404'],
    cure: 'The registry of npm refuses a package. Check: npm config get registry',
  },
  { codes: ['EINTEGRITY'], cure: 'A download is damaged. Run npm cache verify, and try again.' },
  { codes: ['EACCES', 'EPERM', 'EROFS'], cure: 'Make the folder writable for you, and try again.' },
  { codes: ['ENOSPC'], cure: 'The disk is full. Free some space, and try again.' },
  {
    codes: ['EUSAGE'],
    cure: 'package.json and package-lock.json differ. Run npm install in their folder, and commit both.',
  },
];

/**
 * Runs npm without showing its output, and without the install scripts of packages. When it fails, the error holds its output
 * and what to do.
 * @param {string} node the Node to run it on
 * @param {string[]} args
 * @param {string} folder relative to the repository, with the package.json.
 */
export async function npm(node, args, folder = '.') {
  mkdirSync(toolchainFolder, { recursive: true });
  // npm tells its scripts where it is. Without npm, the shell finds it (npm.cmd on Windows).
  const script = process.env.npm_execpath;
  const [program, before] = script?.endsWith('.js') ? [node, [script]] : ['npm', []];
  const cwd = path.join(repository, folder);
  const options = ['--ignore-scripts', '--no-audit', '--no-fund'];
  const { code, output } = await executeQuietly(program, [...before, ...args, ...options], {
    cwd,
    env: environmentWith(node),
    shell: process.platform === 'win32' && program === 'npm',
  });
  if (code !== 0) throw new Error(`${output}\nnpm ${args[0]} failed in ${cwd}: see above. ${cureOf(output)}`);
}

/** @param {string} output of npm, which names the code of an error in a line of its own. */
function cureOf(output) {
  const code = /^npm error code (\w+)$/mu.exec(output)?.[1] ?? '';
  return cures.find(({ codes }) => codes.includes(code))?.cure ?? 'Remove the cause, and try again.';
}
