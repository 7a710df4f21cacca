import { readFileSync } from 'node:fs';
import path from 'node:path';

/** An import of a package. */
export interface PackageImport {
  /** Relative to the repository, like all paths here. */
  readonly file: string;
  readonly name: string;
}

/** Imports and exports that remain when types are stripped, lazy imports, and searches for files of packages. */
const statements = [
  /^(?:import|export) (?!type )(?:[^;']*? from )?'([^']+)'/gmu,
  /\bimport\('([^']+)'\)/gu,
  /\b(?:require|createRequire\(import\.meta\.url\))(?:\.resolve)?\(\s*'([^']+)',?\s*\)/gu,
  /\bimport\.meta\.resolve\('([^']+)'\)/gu,
];

/** The packages that a program imports, from its own files. */
export function packagesImportedBy(entry: string): PackageImport[] {
  const files = new Set([entry]);
  const found: PackageImport[] = [];
  for (const file of files) {
    for (const specifier of specifiersIn(file)) {
      if (specifier.startsWith('.')) files.add(path.join(path.dirname(file), specifier));
      else if (!specifier.startsWith('node:')) found.push({ file, name: packageOf(specifier) });
    }
  }
  return found;
}

function specifiersIn(file: string): string[] {
  if (!/\.m?[jt]s$/u.test(file)) return [];
  const source = readFileSync(file, 'utf8');
  return statements.flatMap((statement) => [...source.matchAll(statement)].map(([, name = '']) => name));
}

/** @param specifier such as `zod` or `@scope/name/file.js`. */
function packageOf(specifier: string): string {
  return specifier
    .split('/')
    .slice(0, specifier.startsWith('@') ? 2 : 1)
    .join('/');
}
