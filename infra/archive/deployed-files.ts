import { createHash } from 'node:crypto';
import { currentTemplates } from '../../template-compiler/current.ts';
import { bundleFunctions } from './bundle.ts';
import { packageFiles } from './package-files.ts';

/** Text of every deployed file by its path in the archive. */
export type DeployedFiles = Readonly<Record<string, string>>;

/**
 * Everything that is deployed: the bundled functions, the compiled templates, and the package files for Google's
 * buildpack. The same sources always give the same files.
 * @throws BuildFailure of esbuild, with file and line, or Error when the compiled templates are out of date.
 */
export async function deployedFiles(): Promise<DeployedFiles> {
  return {
    ...(await bundleFunctions()),
    ...(await packageFiles()),
    'generated/templates.json': JSON.stringify(currentTemplates()),
  };
}

/** A hash that changes if and only if a path or a text changes. */
export function contentHashOf(files: DeployedFiles): string {
  const hash = createHash('sha256');
  for (const [name, text] of Object.entries(files).toSorted(([a], [b]) => (a < b ? -1 : 1))) {
    hash.update(`${name}\0${text.length}\0${text}`);
  }
  return hash.digest('hex').slice(0, 16);
}
