import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { nodeInUse } from './node24.mjs';
import { npm } from './npm.mjs';
import { repository } from './paths.mjs';

/**
 * A set of packages is a folder with a package.json, a package-lock.json and a node_modules of its own. The root's is
 * enough for `npm start`. What only some commands need is in further sets, so that no installation changes another's.
 * Node looks for a package in the folders above the file that imports it: code in the folder of a set finds the packages of
 * that set, and those of the sets around it.
 */
export const ROOT = '.';

/** The sets of this project, and what each is for. */
const purposes = {
  [ROOT]: 'the functions and the local stack',
  operations: 'the commands that read a database',
  infra: 'the deployment',
  'template-compiler': 'compiling email templates',
  'local/firebase-tools': 'the Firebase emulator suite',
  checks: 'checking types, style, formatting and dead code',
  test: 'the tests',
  'test/browser': 'the tests in a browser',
  bench: 'the benchmark',
};

/** The folder of every set. */
export const allSets = Object.keys(purposes);

/**
 * The commands and tests that need more than the root's set, by their path or that of a folder around them. The first entry
 * that fits counts.
 */
const needs = [
  ['bench', ['bench', 'infra']],
  ['infra/functions-table.ts', []],
  ['infra', ['infra']],
  ['local/preview', ['template-compiler']],
  ['operations/buy.ts', []],
  ['operations/cost.ts', []],
  ['operations/engage.ts', []],
  ['operations/publish.ts', []],
  ['operations/resume.ts', []],
  ['operations', ['operations']],
  ['template-compiler', ['template-compiler']],
  ['test/bench', ['test', 'bench', 'infra']],
  ['test/browser', ['test', 'test/browser', 'operations', 'template-compiler']],
  ['test/emulator', ['test', 'operations']],
  ['test/infra/manifest.spec.ts', ['test', 'local/firebase-tools']],
  ['test/infra', ['test', 'infra']],
  ['test/local/command-line.spec.ts', ['test', 'operations', 'template-compiler', 'infra', 'bench']],
  ['test/local/demo.spec.ts', ['test', 'local/firebase-tools']],
  ['test/local/signed-out.spec.ts', ['test', 'operations']],
  ['test/templates', ['test', 'template-compiler']],
  ['test/unit/place.spec.ts', ['test', 'operations']],
  ['test', ['test']],
];

/**
 * The sets that a command or a test needs, the root's first.
 * @param {string} file relative to the repository.
 * @returns {string[]} folders
 */
export function setsFor(file) {
  const name = file.replaceAll(path.sep, '/');
  const [, sets] = needs.find(([start]) => name === start || name.startsWith(`${start}/`)) ?? ['', []];
  return [ROOT, ...sets];
}

/**
 * The installation of a set.
 *
 * npm records what it installed as its last step. Therefore an interrupted installation does not count as complete, and an
 * installation with `npm ci` by hand is not repeated.
 * @param {string} folder
 */
export function packageSet(folder) {
  const read = (file) => JSON.parse(readFileSync(path.join(repository, folder, file), 'utf8'));
  return {
    isReady() {
      if (!existsSync(path.join(repository, folder, 'node_modules/.package-lock.json'))) return false;
      const installed = read('node_modules/.package-lock.json').packages;
      return Object.entries(read('package-lock.json').packages).every(([name, wanted]) => {
        const found = installed[name];
        if (found === undefined) return wanted.optional === true || !name.includes('node_modules/');
        return found.version === wanted.version;
      });
    },

    async prepare() {
      const target = path.join(folder, 'node_modules');
      console.error(`Installing the packages for ${purposes[folder]} into ${target} (npm ci) …`);
      await npm(nodeInUse(), ['ci'], folder);
    },
  };
}

/**
 * Finds the program that a package of one of the sets brings, such as `tsc` of typescript.
 * @param {string} name
 * @returns {{ set: string, script: string } | undefined} the path of the script is absolute; it exists once the set is installed.
 */
export function findProgram(name) {
  for (const set of allSets) {
    const folder = path.join(repository, set);
    const read = (file) => JSON.parse(readFileSync(path.join(folder, file), 'utf8'));
    const { dependencies, devDependencies } = read('package.json');
    const { packages } = read('package-lock.json');
    for (const dependency of Object.keys({ ...dependencies, ...devDependencies })) {
      const location = `node_modules/${dependency}`;
      const script = packages[location]?.bin?.[name];
      if (script !== undefined) return { set, script: path.join(folder, location, script) };
    }
  }
  return undefined;
}
