import path from 'node:path';
import type { Jdk } from './jdk.ts';

/** The root of this repository. */
export const repository = path.resolve(import.meta.dirname, '../..');

/** The file that Node runs as `firebase`. */
export const firebaseCli = path.join(repository, 'node_modules/firebase-tools/lib/bin/firebase.js');

/** The environment of this process, with this Node and the given JDK first on the PATH. */
export function toolchainEnv(jdk: Jdk): NodeJS.ProcessEnv {
  const folders = [path.dirname(process.execPath), path.join(jdk.home, 'bin'), process.env.PATH ?? ''];
  return { ...process.env, JAVA_HOME: jdk.home, PATH: folders.join(path.delimiter), NO_UPDATE_NOTIFIER: '1' };
}
