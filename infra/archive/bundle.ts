import path from 'node:path';
import { build } from 'esbuild';
import { pruneDefinitions } from './pruned-definitions.ts';

const repository = path.join(import.meta.dirname, '../..');

/** Installed in the cloud instead of bundled: the buildpack looks for the framework among the dependencies. */
export const installedPackages: readonly string[] = ['@google-cloud/functions-framework'];

/** Bundled CommonJS packages expect these variables, which ES modules do not have. */
const banner = `import { createRequire } from 'node:module';
const require = createRequire(import.meta.url), __dirname = import.meta.dirname, __filename = import.meta.filename;`;

/**
 * Bundles the functions and everything they import, apart from the `installedPackages`, as ES modules for Node 24. A
 * module that is imported lazily stays in a file of its own, so that an instance loads only what its function needs.
 * @returns file contents by path below the root of the archive.
 */
export function bundleFunctions(): Promise<Record<string, string>> {
  return bundle({ index: 'infra/archive/entry.ts', 'warm-up': 'infra/archive/warm-up.ts' });
}

/**
 * Bundles programs the way the functions are bundled.
 * @param entryPoints paths below the repository, by the name of the file that each becomes.
 */
export async function bundle(entryPoints: Readonly<Record<string, string>>): Promise<Record<string, string>> {
  const { outputFiles } = await build({
    absWorkingDir: repository,
    entryPoints: { ...entryPoints },
    outdir: '.',
    write: false,
    bundle: true,
    splitting: true,
    chunkNames: 'chunks/[name]-[hash]',
    // The framework recognizes an ES module by this ending. With another one it loads twenty packages to read package.json.
    outExtension: { '.js': '.mjs' },
    format: 'esm',
    platform: 'node',
    target: 'node24',
    external: [...installedPackages],
    banner: { js: banner },
    plugins: [pruneDefinitions()],
    legalComments: 'none',
    logLevel: 'silent',
  });
  return Object.fromEntries(outputFiles.map((file) => [path.relative(repository, file.path), file.text]));
}
