import { mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { repository } from '../local/toolchain/environment.ts';

/** Functions to compare with, as the framework's own introduction has them: index.js, and packages as installed. */
const functions = `
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

/** A folder with the functions to compare with. */
export interface References {
  readonly folder: string;
  remove(): Promise<void>;
}

export async function writeReferences(): Promise<References> {
  const folder = await mkdtemp(path.join(tmpdir(), 'farmacy-references-'));
  await writeFile(path.join(folder, 'index.js'), functions);
  await writeFile(path.join(folder, 'package.json'), JSON.stringify({ type: 'module', main: 'index.js' }));
  await symlink(path.join(repository, 'node_modules'), path.join(folder, 'node_modules'), 'dir');
  return { folder, remove: () => rm(folder, { recursive: true }) };
}
