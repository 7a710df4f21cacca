import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { nodeInUse } from './node24.mjs';
import { npm } from './npm.mjs';
import { repository } from './paths.mjs';

const readPackages = (file) => JSON.parse(readFileSync(path.join(repository, file), 'utf8')).packages;

/**
 * npm records what it installed as its last step. Therefore an interrupted installation does not count as complete, and an
 * installation with `npm ci` by hand is not repeated.
 */
export const dependencies = {
  isReady() {
    if (!existsSync(path.join(repository, 'node_modules/.package-lock.json'))) return false;
    const installed = readPackages('node_modules/.package-lock.json');
    return Object.entries(readPackages('package-lock.json')).every(([name, wanted]) => {
      const found = installed[name];
      if (found === undefined) return wanted.optional === true || !name.includes('node_modules/');
      return found.version === wanted.version;
    });
  },

  async prepare() {
    console.error('Installing the packages of package-lock.json (npm ci; a minute or two) …');
    await npm(nodeInUse(), ['ci'], 'Check the connection to the npm registry and try again.');
  },
};
