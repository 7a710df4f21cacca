/**
 * Fills the compile cache of the archive by loading each of its modules. The build of a deployment runs this (`gcp-build`)
 * with the Node version of the functions. Node writes the cache when the process exits.
 */
import { readdir } from 'node:fs/promises';
import path from 'node:path';

const folder = import.meta.dirname;
await import(path.join(folder, 'index.mjs'));
for (const chunk of await readdir(path.join(folder, 'chunks')))
  await import(path.join(folder, 'chunks', chunk));
