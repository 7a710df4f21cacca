/**
 * Every npm script runs through this file. It sets up a fresh clone as far as the script needs it, then runs the script.
 *
 *   node local/run.mjs FILE.ts [arguments]
 *   node local/run.mjs --bin NAME [arguments]      a program of one of the packages, such as prettier or tsc
 *
 * Plain JavaScript for Node 20 or newer without packages: a fresh clone has nothing else.
 */
import path from 'node:path';
import { execute } from './toolchain/execute.mjs';
import { node24, nodeInUse } from './toolchain/node24.mjs';
import { findProgram, packageSet, ROOT, setsFor } from './toolchain/package-sets.mjs';
import { compileCacheFolder, repository } from './toolchain/paths.mjs';
import { prepare } from './toolchain/prepare.mjs';
import { templates } from './toolchain/templates.mjs';

const OLDEST_NODE = 20;

/** These scripts run the functions, which load the compiled templates. */
const runFunctions = ['local/start.ts', 'local/demo.ts', 'bench/main.ts'];

async function main() {
  if (Number.parseInt(process.versions.node, 10) < OLDEST_NODE) {
    throw new Error(
      `This project needs Node ${OLDEST_NODE} or newer to set itself up. This is Node ${process.versions.node}. ` +
        'Install a newer one from https://nodejs.org.',
    );
  }
  const [first, ...rest] = process.argv.slice(2);
  if (first === undefined) throw new Error('Say what to run: node local/run.mjs FILE.ts [arguments]');
  return first === '--bin' ? runProgram(rest[0], rest.slice(1)) : runScript(first, rest);
}

/**
 * @param {string} script
 * @param {string[]} args
 */
async function runScript(script, args) {
  const file = path.relative(repository, path.resolve(script)).replaceAll(path.sep, '/');
  await prepare([node24, ...setsFor(file).map(packageSet)]);
  if (runFunctions.includes(file) && !templates.isReady()) {
    await prepare([packageSet('template-compiler'), templates]);
  }
  process.env.NODE_COMPILE_CACHE ??= compileCacheFolder;
  return execute(nodeInUse(), [script, ...args]);
}

/**
 * @param {string | undefined} name
 * @param {string[]} args
 */
async function runProgram(name, args) {
  const program = findProgram(name ?? '');
  if (program === undefined)
    throw new Error(`No package has a program "${name ?? ''}". Name one after --bin.`);
  await prepare([node24, packageSet(ROOT), packageSet(program.set)]);
  return execute(nodeInUse(), [program.script, ...args]);
}

try {
  process.exitCode = await main();
} catch (error) {
  console.error(error.message);
  process.exitCode = 1;
}
