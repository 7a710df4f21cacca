/**
 * Every npm script runs through this file. It sets up a fresh clone as far as the script needs it, then runs the script.
 *
 *   node local/run.mjs FILE.ts [arguments]
 *   node local/run.mjs --bin NAME [arguments]      a program of the npm package NAME
 *
 * Plain JavaScript for Node 20 or newer without packages: a fresh clone has nothing else.
 */
import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { dependencies } from './toolchain/dependencies.mjs';
import { execute } from './toolchain/execute.mjs';
import { withLock } from './toolchain/lock.mjs';
import { node24, nodeInUse } from './toolchain/node24.mjs';
import { repository, toolchainFolder } from './toolchain/paths.mjs';
import { templates } from './toolchain/templates.mjs';

const OLDEST_NODE = 20;

/** These scripts compile the templates themselves and show faults in their own way. */
const compilers = ['local/preview/serve.ts', 'template-compiler/compile.ts'];

/** Compiled code blurs the coverage of tests (https://nodejs.org/docs/latest-v24.x/api/module.html#module-compile-cache). */
const tests = 'test/all.ts';

/**
 * What a script needs before it runs, in this order.
 * @param {string | undefined} script
 */
function preparationsFor(script) {
  return compilers.includes(script ?? '') ? [node24, dependencies] : [node24, dependencies, templates];
}

async function main() {
  if (Number.parseInt(process.versions.node, 10) < OLDEST_NODE) {
    throw new Error(
      `This project needs Node ${OLDEST_NODE} or newer to set itself up. This is Node ${process.versions.node}. ` +
        'Install a newer one from https://nodejs.org.',
    );
  }
  const [first, ...rest] = process.argv.slice(2);
  if (first === undefined) throw new Error('Say what to run: node local/run.mjs FILE.ts [arguments]');
  const preparations = preparationsFor(first);
  if (!preparations.every((preparation) => preparation.isReady())) {
    await withLock(async () => {
      for (const preparation of preparations) {
        if (!preparation.isReady()) await preparation.prepare();
      }
    });
  }
  // Half of the time in which a command starts is spent on compiling its modules.
  if (first !== tests) process.env.NODE_COMPILE_CACHE ??= path.join(toolchainFolder, 'compile-cache');
  const command = first === '--bin' ? [programOf(rest[0]), ...rest.slice(1)] : [first, ...rest];
  return execute(nodeInUse(), command);
}

/**
 * The script behind the command that an installed package is named after, such as prettier's `prettier`.
 * @param {string | undefined} name
 */
function programOf(name) {
  const folder = path.join(repository, 'node_modules', name ?? '');
  if (!name || !existsSync(path.join(folder, 'package.json'))) {
    throw new Error(`There is no installed package "${name ?? ''}". Name one after --bin.`);
  }
  const { bin } = JSON.parse(readFileSync(path.join(folder, 'package.json'), 'utf8'));
  return path.join(folder, typeof bin === 'string' ? bin : bin[name]);
}

try {
  process.exitCode = await main();
} catch (error) {
  console.error(error.message);
  process.exitCode = 1;
}
