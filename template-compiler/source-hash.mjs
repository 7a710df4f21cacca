/**
 * The hash of everything that the compiled templates depend on. Plain JavaScript for Node 20 or newer without packages:
 * `local/run.mjs` compares it in a fresh clone.
 */
import { createHash } from 'node:crypto';
import { readdirSync, readFileSync, statSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

const repository = fileURLToPath(new URL('..', import.meta.url));

/** The folder of this project's templates. */
export const templatesFolder = path.join(repository, 'templates');

/** Code that checks the templates, beside that in this folder. */
const dependencies = [
  'functions/src/adapters/liquid/compiled-page.ts',
  'functions/src/adapters/liquid/compiled-templates.ts',
  'functions/src/adapters/liquid/declaration.ts',
  'functions/src/adapters/liquid/renderer.ts',
  'functions/src/adapters/liquid/unsubscribe-pages.ts',
];

function compilerFiles() {
  const own = readdirSync(path.join(repository, 'template-compiler'))
    .filter((name) => name.endsWith('.ts') || name === 'package-lock.json')
    .sort();
  return [...own.map((name) => path.join('template-compiler', name)), ...dependencies];
}

/**
 * Changes when a source changes, or the code or the packages that compile the sources.
 * @param {string} [folder] of templates.
 * @returns {string}
 */
export function sourceHash(folder = templatesFolder) {
  const hash = createHash('sha256');
  const names = readdirSync(folder, { recursive: true })
    .map((name) => String(name).replaceAll(path.sep, '/'))
    // Editors and file managers leave hidden files.
    .filter((name) => !/(?:^|\/)\./u.test(name));
  for (const name of names.sort()) {
    const content = contentOf(path.join(folder, name));
    if (content !== undefined) hash.update(`${name}\0`).update(content).update('\0');
  }
  for (const file of compilerFiles()) hash.update(readFileSync(path.join(repository, file)));
  return hash.digest('hex');
}

/**
 * Undefined for a folder. Empty for a file that has just disappeared: editors replace files, and the next call sees the
 * new one.
 * @param {string} file
 */
function contentOf(file) {
  if (!statSync(file, { throwIfNoEntry: false })?.isFile()) return undefined;
  try {
    return readFileSync(file);
  } catch {
    return '';
  }
}
