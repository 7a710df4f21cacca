import path from 'node:path';
import type { Jdk } from './jdk.ts';
import { packageSet } from './package-sets.mjs';
import { prepare } from './prepare.mjs';

/** The root of this repository. */
export const repository = path.resolve(import.meta.dirname, '../..');

/** The package firebase-tools, once its set of packages is installed. */
export const firebaseTools = path.join(repository, 'local/firebase-tools/node_modules/firebase-tools');

/** The file that Node runs as `firebase`. Installs it if it is missing. */
export async function firebaseCli(): Promise<string> {
  await prepare([packageSet('local/firebase-tools')]);
  return path.join(firebaseTools, 'lib/bin/firebase.js');
}

/** The environment of this process, with this Node and the given JDK first on the PATH. */
export function toolchainEnv(jdk: Jdk): NodeJS.ProcessEnv {
  const folders = [path.dirname(process.execPath), path.join(jdk.home, 'bin'), process.env.PATH ?? ''];
  return { ...process.env, JAVA_HOME: jdk.home, PATH: folders.join(path.delimiter), NO_UPDATE_NOTIFIER: '1' };
}
