/**
 * Finds the Firestore and Pub/Sub emulators: those that firebase-tools has already downloaded, else those of an
 * installed Google Cloud SDK, else firebase-tools downloads them now. Nothing here waits for a network that may not
 * be there unless nothing else is left.
 */
import { execFile } from 'node:child_process';
import { existsSync, globSync, readFileSync, realpathSync } from 'node:fs';
import { homedir } from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import { firebaseCli, repository, toolchainEnv } from './environment.ts';
import type { Jdk } from './jdk.ts';

export interface EmulatorBinaries {
  readonly origin: 'firebase-tools' | 'google-cloud-sdk';
  readonly firestoreJar: string;
  readonly pubsubJar: string;
  /** The script that firebase-tools starts the Pub/Sub emulator with. */
  readonly pubsubScript: string;
}

/** @throws Error naming what is missing and the command that gets it. */
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

/** True when the Emulator UI can be offered without a download. */
export function isEmulatorUiDownloaded(env = process.env): boolean {
  return existsSync(path.join(cacheFolder(env), releases().ui.main.binaryPathRelativeToCacheDir));
}

interface Releases {
  readonly firestore: { readonly downloadPathRelativeToCacheDir: string };
  readonly pubsub: { readonly binaryPathRelativeToCacheDir: string };
  readonly ui: { readonly main: { readonly binaryPathRelativeToCacheDir: string } };
}

/** The releases that the installed firebase-tools was made for: any other one in its cache would not be used. */
function releases(): Releases {
  const file = path.join(
    repository,
    'node_modules/firebase-tools/lib/emulator/downloadableEmulatorInfo.json',
  );
  return JSON.parse(readFileSync(file, 'utf8')) as Releases;
}

function downloaded(env: NodeJS.ProcessEnv): EmulatorBinaries | undefined {
  const cache = cacheFolder(env);
  const { firestore, pubsub } = releases();
  return complete(
    'firebase-tools',
    path.join(cache, firestore.downloadPathRelativeToCacheDir),
    path.join(cache, pubsub.binaryPathRelativeToCacheDir),
  );
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

/** Both emulators from one origin, or none of it. */
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
  try {
    for (const emulator of ['firestore', 'pubsub']) {
      await promisify(execFile)(process.execPath, [firebaseCli, `setup:emulators:${emulator}`], {
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
