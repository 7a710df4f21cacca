import { spawnSync } from 'node:child_process';
import { mkdirSync } from 'node:fs';
import { environmentWith } from './execute.mjs';
import { repository, toolchainFolder } from './paths.mjs';

/**
 * Runs npm quietly. When it fails, all it said is shown, and then what to do.
 * @param {string} node the Node to run it on
 * @param {string[]} args
 * @param {string} advice for the person whose npm failed
 */
export function npm(node, args, advice) {
  mkdirSync(toolchainFolder, { recursive: true });
  // npm says where it is to the scripts it runs; started without it, the shell finds it (npm.cmd on Windows).
  const script = process.env.npm_execpath;
  const viaNode = script?.endsWith('.js') ? [node, [script, ...args]] : ['npm', args];
  const { status, stdout, stderr, error } = spawnSync(
    viaNode[0],
    [...viaNode[1], '--no-audit', '--no-fund'],
    {
      cwd: repository,
      env: environmentWith(node),
      encoding: 'utf8',
      shell: process.platform === 'win32' && viaNode[0] === 'npm',
    },
  );
  if (status === 0) return;
  throw new Error(`${error?.message ?? `${stdout}${stderr}`}\nnpm ${args[0]} failed: see above. ${advice}`);
}
