/** Functions to compare with. */
import { mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { functionNamed } from '../functions/manifest.ts';
import { FunctionProcess } from '../local/production/function-process.ts';
import { freePorts } from '../local/stack/ports.ts';
import { repository } from '../local/toolchain/environment.ts';
import { nodeOptions } from './testbed.ts';

/** As the introduction of functions-framework writes them: index.js, and packages as installed. */
const source = `
import { cloudEvent, http } from '@google-cloud/functions-framework';

cloudEvent('bareEvent', () => undefined);
http('bareHttp', (request, response) => response.status(204).end());

if (process.env.FUNCTION_TARGET === 'naive') {
  const { Firestore } = await import('@google-cloud/firestore');
  const firestore = new Firestore();
  cloudEvent('naive', async ({ id }) => {
    await firestore.collection('naive').doc(id).create({ id });
  });
}
`;

/** A folder with these functions, from which functions-framework serves them. */
export interface References {
  readonly folder: string;
  remove(): Promise<void>;
}

export async function writeReferences(): Promise<References> {
  const folder = await mkdtemp(path.join(tmpdir(), 'farmacy-references-'));
  await writeFile(path.join(folder, 'index.js'), source);
  await writeFile(path.join(folder, 'package.json'), JSON.stringify({ type: 'module', main: 'index.js' }));
  await symlink(path.join(repository, 'node_modules'), path.join(folder, 'node_modules'), 'dir');
  return { folder, remove: () => rm(folder, { recursive: true }) };
}

/** Starts a function that does nothing, with the settings of `recordTransaction`, uses it, and stops it in any case. */
export async function withEmptyFunction<T>(use: (url: string) => Promise<T>): Promise<T> {
  const references = await writeReferences();
  const [port = 0] = await freePorts(1);
  const process = new FunctionProcess(
    { ...functionNamed('recordTransaction'), name: 'bareEvent', entryPoint: 'bareEvent' },
    { port, archive: references.folder, env: {}, nodeOptions },
  );
  try {
    await process.start();
    return await use(process.url);
  } finally {
    await process.kill();
    await references.remove();
  }
}
