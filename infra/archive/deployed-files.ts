import { createHash } from 'node:crypto';
import { compileTemplates } from '../../templates/compile.ts';
import { bundleFunctions } from './bundle.ts';
import { packageFiles } from './package-files.ts';

/** Path in the archive and text of every deployed file. */
export type DeployedFiles = Readonly<Record<string, string>>;

/**
 * Everything that is deployed: the bundled functions, the compiled templates, and the package that Google's buildpack
 * installs around them. The same sources always give the same files.
 * @throws esbuild's BuildFailure, or TemplateFaults, naming file and line.
 */
export async function deployedFiles(): Promise<DeployedFiles> {
  const templates = await compileTemplates();
  return {
    ...(await bundleFunctions()),
    ...packageFiles(),
    'generated/templates.json': JSON.stringify(templates),
  };
}

/** Changes exactly when a name or a text does. */
export function contentHashOf(files: DeployedFiles): string {
  const hash = createHash('sha256');
  for (const [name, text] of Object.entries(files).toSorted(([a], [b]) => (a < b ? -1 : 1))) {
    hash.update(`${name}\0${text.length}\0${text}`);
  }
  return hash.digest('hex').slice(0, 16);
}
