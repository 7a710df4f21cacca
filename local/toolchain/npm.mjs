import { mkdirSync } from 'node:fs';
import { environmentWith, executeQuietly } from './execute.mjs';
import { repository, toolchainFolder } from './paths.mjs';

/**
 * Runs npm without showing its output. When it fails, the error holds its output and the advice.
 * @param {string} node the Node to run it on
 * @param {string[]} args
 * @param {string} advice what to do when it fails
 */
export async function npm(node, args, advice) {
  mkdirSync(toolchainFolder, { recursive: true });
  // npm tells its scripts where it is. Without npm, the shell finds it (npm.cmd on Windows).
  const script = process.env.npm_execpath;
  const [program, before] = script?.endsWith('.js') ? [node, [script]] : ['npm', []];
  const { code, output } = await executeQuietly(program, [...before, ...args, '--no-audit', '--no-fund'], {
    cwd: repository,
    env: environmentWith(node),
    shell: process.platform === 'win32' && program === 'npm',
  });
  if (code !== 0) throw new Error(`${output}\nnpm ${args[0]} failed: see above. ${advice}`);
}
