/**
 * Finds the Firestore and Pub/Sub emulators: those that firebase-tools has downloaded, those of an installed Google Cloud
 * SDK, or, if there are none, those that firebase-tools downloads now. The network is the last resort.
 */
import { execFile } from 'node:child_process';
import { existsSync, globSync, readFileSync, realpathSync } from 'node:fs';
import { homedir } from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import { firebaseCli, firebaseTools, toolchainEnv } from './environment.ts';
import type { Jdk } from './jdk.ts';

export interface EmulatorBinaries {
  readonly origin: 'firebase-tools' | 'google-cloud-sdk';
  readonly firestoreJar: string;
  readonly pubsubJar: string;
  /** The script that firebase-tools starts the Pub/Sub emulator with. */
  readonly pubsubScript: string;
}

/** @throws Error that names what is missing and the command that installs it. */
export async function findEmulatorBinaries(jdk: Jdk, env = process.env): Promise<EmulatorBinaries> {
  const present = presentEmulatorBinaries(env);
  if (present !== undefined) return present;
  await download(jdk);
  const fetched = downloaded(env);
  if (fetched === undefined)
    throw new Error(`The emulators were downloaded but are not in ${cacheFolder(env)}.`);
  return fetched;
}

/** Undefined when they would have to be downloaded first. */
export function presentEmulatorBinaries(env = process.env): EmulatorBinaries | undefined {
  return downloaded(env) ?? inGoogleCloudSdk(env);
}

/** The folder in which firebase-tools keeps what it downloads. */
function cacheFolder(env: NodeJS.ProcessEnv): string {
  return env.FIREBASE_EMULATORS_PATH ?? path.join(homedir(), '.cache', 'firebase', 'emulators');
}

/** Whether the Emulator UI of the installed firebase-tools is there without a download. */
export function isEmulatorUiDownloaded(env = process.env): boolean {
  const file = path.join(firebaseTools, 'lib/emulator/downloadableEmulatorInfo.json');
  if (!existsSync(file)) return false;
  const releases = JSON.parse(readFileSync(file, 'utf8')) as Releases;
  return existsSync(path.join(cacheFolder(env), releases.ui.main.binaryPathRelativeToCacheDir));
}

interface Releases {
  readonly ui: { readonly main: { readonly binaryPathRelativeToCacheDir: string } };
}

/** The newest release of each emulator in the cache. firebase-tools itself need not be installed to find them. */
function downloaded(env: NodeJS.ProcessEnv): EmulatorBinaries | undefined {
  const newest = (pattern: string): string | undefined =>
    globSync(pattern, { cwd: cacheFolder(env) })
      .toSorted(new Intl.Collator('en', { numeric: true }).compare)
      .at(-1);
  const firestore = newest('cloud-firestore-emulator-v*.jar');
  const pubsub = newest('pubsub-emulator-*/pubsub-emulator/bin/cloud-pubsub-emulator');
  if (firestore === undefined || pubsub === undefined) return undefined;
  const cache = cacheFolder(env);
  return complete('firebase-tools', path.join(cache, firestore), path.join(cache, pubsub));
}

function inGoogleCloudSdk(env: NodeJS.ProcessEnv): EmulatorBinaries | undefined {
  const gcloud = (env.PATH ?? '')
    .split(path.delimiter)
    .map((folder) => path.join(folder, process.platform === 'win32' ? 'gcloud.cmd' : 'gcloud'))
    .find((file) => existsSync(file));
  if (gcloud === undefined) return undefined;
  const platform = path.resolve(realpathSync(gcloud), '../../platform');
  return complete(
    'google-cloud-sdk',
    path.join(platform, 'cloud-firestore-emulator/cloud-firestore-emulator.jar'),
    path.join(platform, 'pubsub-emulator/bin/cloud-pubsub-emulator'),
  );
}

/** Both emulators from one origin, or nothing. */
function complete(
  origin: EmulatorBinaries['origin'],
  firestoreJar: string,
  pubsubScript: string,
): EmulatorBinaries | undefined {
  const pubsubJar = globSync(path.join(pubsubScript, '../../lib/cloud-pubsub-emulator-*-all.jar'))[0];
  if (!existsSync(firestoreJar) || !existsSync(pubsubScript) || pubsubJar === undefined) return undefined;
  return { origin, firestoreJar, pubsubJar, pubsubScript };
}

async function download(jdk: Jdk): Promise<void> {
  console.error('Downloading the Firestore and Pub/Sub emulators (once, some 180 MB) …');
  const firebase = await firebaseCli();
  try {
    for (const emulator of ['firestore', 'pubsub']) {
      await promisify(execFile)(process.execPath, [firebase, `setup:emulators:${emulator}`], {
        env: toolchainEnv(jdk),
      });
    }
  } catch (cause) {
    throw new Error(
      'The Firestore and Pub/Sub emulators are missing and could not be downloaded. Either connect to the internet ' +
        'and try again, or install them with the Google Cloud SDK (https://cloud.google.com/sdk/docs/install):\n' +
        '  gcloud components install cloud-firestore-emulator pubsub-emulator\n' +
        '  or, where apt-get installed the SDK: sudo apt-get install google-cloud-cli-firestore-emulator ' +
        'google-cloud-cli-pubsub-emulator',
      { cause },
    );
  }
}
