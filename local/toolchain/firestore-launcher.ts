import { execFile } from 'node:child_process';
import { mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { promisify } from 'node:util';
import { jdkTool, type Jdk } from './jdk.ts';

/** The main class of the Firestore emulator, in all its distributions. */
export const FIRESTORE_MAIN = 'com.google.cloud.datastore.emulator.firestore.CloudFirestore';

/**
 * firebase-tools starts the emulator with `java -jar`, but the jar of the Google Cloud SDK names no main class. This makes a
 * jar that only names the main class and refers to the real jar.
 * @returns its path, inside `folder`.
 */
export async function makeFirestoreLauncher(jdk: Jdk, firestoreJar: string, folder: string): Promise<string> {
  const manifest = path.join(folder, 'MANIFEST.MF');
  const launcher = path.join(folder, 'firestore-launcher.jar');
  await mkdir(folder, { recursive: true });
  await writeFile(
    manifest,
    [`Main-Class: ${FIRESTORE_MAIN}`, `Class-Path: ${pathToFileURL(firestoreJar).href}`, '']
      .map(folded)
      .join('\n'),
  );
  await promisify(execFile)(jdkTool(jdk, 'jar'), ['--create', '--file', launcher, '--manifest', manifest]);
  return launcher;
}

/** In the jar format, a line of a manifest has at most 72 bytes. A longer one continues after a line break and a space. */
function folded(line: string): string {
  return line.replace(/(?<=^.{70})(?=.)|(?<=^.{70}(?:.{69})+)(?=.)/gu, '\n ');
}
