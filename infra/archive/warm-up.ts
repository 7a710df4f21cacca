/**
 * Fills the compile cache of the archive by loading every file of it. The build of a deployment runs this (`gcp-build`)
 * with the Node that it installs for the functions; as the process ends, Node writes down what it has compiled.
 */
import { readdir } from 'node:fs/promises';
import path from 'node:path';

const folder = import.meta.dirname;
await import(path.join(folder, 'index.mjs'));
for (const chunk of await readdir(path.join(folder, 'chunks')))
  await import(path.join(folder, 'chunks', chunk));
