/**
 * Every npm script goes through here: it brings a fresh clone to the point where the script can run, then runs it.
 *
 *   node local/run.mjs FILE.ts [arguments]
 *   node local/run.mjs --bin NAME [arguments]      a program of the npm package NAME
 *
 * Plain JavaScript for Node 20 or newer, without a package: on a fresh clone there is nothing else.
 */
import { dependencies } from './toolchain/dependencies.mjs';
import { execute } from './toolchain/execute.mjs';
import { withLock } from './toolchain/lock.mjs';
import { node24, nodeInUse } from './toolchain/node24.mjs';
import { programOf } from './toolchain/programs.mjs';
import { templates } from './toolchain/templates.mjs';

const OLDEST_NODE = 20;

/** These compile the templates themselves, and show what is wrong with them in their own way. */
const compilers = ['local/preview/serve.ts', 'templates/compile.ts'];

/**
 * What must be there before a script runs, in this order. Each can say whether it is, and see to it.
 * @param {string | undefined} script
 */
function preparationsFor(script) {
  return compilers.includes(script ?? '') ? [node24, dependencies] : [node24, dependencies, templates];
}

async function main() {
  if (Number.parseInt(process.versions.node, 10) < OLDEST_NODE) {
    throw new Error(
      `This needs Node ${OLDEST_NODE} or newer to set itself up, and Node ${process.versions.node} is running it. ` +
        'Get a newer one from https://nodejs.org.',
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
  const command = first === '--bin' ? [programOf(rest[0]), ...rest.slice(1)] : [first, ...rest];
  return execute(nodeInUse(), command);
}

try {
  process.exitCode = await main();
} catch (error) {
  console.error(error.message);
  process.exitCode = 1;
}
