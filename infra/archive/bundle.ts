import path from 'node:path';
import { build } from 'esbuild';
import { leanClients } from './lean-clients.ts';

const repository = path.join(import.meta.dirname, '../..');

/** What the buildpack installs: it looks for the framework among the dependencies of the package. */
export const installed: readonly string[] = ['@google-cloud/functions-framework'];

/** What CommonJS packages, now inside modules, expect to be there. */
const banner = `import { createRequire } from 'node:module';
const require = createRequire(import.meta.url), __dirname = import.meta.dirname, __filename = import.meta.filename;`;

/**
 * The functions and all they import, apart from what is `installed` and what `leanClients` leaves out, as ES modules
 * for Node 24. What is imported lazily stays in a file of its own, so that an instance loads only what its function needs.
 * @returns path below the root of the archive, and text.
 */
export async function bundleFunctions(): Promise<Record<string, string>> {
  const { outputFiles } = await build({
    absWorkingDir: repository,
    entryPoints: { index: 'infra/archive/entry.ts', 'warm-up': 'infra/archive/warm-up.ts' },
    outdir: '.',
    write: false,
    bundle: true,
    splitting: true,
    chunkNames: 'chunks/[name]-[hash]',
    // The framework knows a module by this ending. By any other it loads twenty packages to look into package.json.
    outExtension: { '.js': '.mjs' },
    format: 'esm',
    platform: 'node',
    target: 'node24',
    external: [...installed],
    banner: { js: banner },
    plugins: [leanClients()],
    legalComments: 'none',
    logLevel: 'silent',
  });
  return Object.fromEntries(outputFiles.map((file) => [path.relative(repository, file.path), file.text]));
}
