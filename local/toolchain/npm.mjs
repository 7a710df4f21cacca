import { mkdirSync } from 'node:fs';
import { environmentWith, executeQuietly } from './execute.mjs';
import { repository, toolchainFolder } from './paths.mjs';

/**
 * Runs npm quietly. When it fails, all it said is shown, and then what to do.
 * @param {string} node the Node to run it on
 * @param {string[]} args
 * @param {string} advice for the person whose npm failed
 */
export async function npm(node, args, advice) {
  mkdirSync(toolchainFolder, { recursive: true });
  // npm says where it is to the scripts it runs; started without it, the shell finds it (npm.cmd on Windows).
  const script = process.env.npm_execpath;
  const [program, before] = script?.endsWith('.js') ? [node, [script]] : ['npm', []];
  const { code, output } = await executeQuietly(program, [...before, ...args, '--no-audit', '--no-fund'], {
    cwd: repository,
    env: environmentWith(node),
    shell: process.platform === 'win32' && program === 'npm',
  });
  if (code !== 0) throw new Error(`${output}\nnpm ${args[0]} failed: see above. ${advice}`);
}
