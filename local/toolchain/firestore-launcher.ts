import { execFile } from 'node:child_process';
import { mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { promisify } from 'node:util';
import { jdkTool, type Jdk } from './jdk.ts';

/** The class that starts the Firestore emulator, in every distribution of it. */
export const FIRESTORE_MAIN = 'com.google.cloud.datastore.emulator.firestore.CloudFirestore';

/**
 * firebase-tools starts the emulator with `java -jar`, and the jar of the Google Cloud SDK does not say which class
 * to run. This makes a jar that holds nothing but that answer and a reference to the real one.
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

/** A line of a manifest has at most 72 bytes; what is longer goes on after a line break and a space (the jar format). */
function folded(line: string): string {
  return line.replace(/(?<=^.{70})(?=.)|(?<=^.{70}(?:.{69})+)(?=.)/gu, '\n ');
}
