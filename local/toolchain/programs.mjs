import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { repository } from './paths.mjs';

/**
 * The script behind the command that an installed package is named after, such as prettier's `prettier`.
 * @param {string | undefined} name
 */
export function programOf(name) {
  const folder = path.join(repository, 'node_modules', name ?? '');
  if (!name || !existsSync(path.join(folder, 'package.json'))) {
    throw new Error(`There is no installed package "${name ?? ''}": name one after --bin.`);
  }
  const { bin } = JSON.parse(readFileSync(path.join(folder, 'package.json'), 'utf8'));
  return path.join(folder, typeof bin === 'string' ? bin : bin[name]);
}
