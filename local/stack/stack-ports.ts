/** Where each part of the local stack listens. */
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { isEmulatorUiDownloaded } from '../toolchain/emulator-binaries.ts';
import { repository } from '../toolchain/environment.ts';
import { freePorts } from './ports.ts';

/** What listens, in words for whoever finds its port taken. */
const purposes = {
  functions: 'the functions emulator',
  firestore: 'the Firestore emulator',
  firestoreWebSocket: 'the Firestore emulator (its requests, for the Emulator UI)',
  pubsub: 'the Pub/Sub emulator',
  eventarc: 'the Eventarc emulator',
  tasks: 'the Cloud Tasks emulator',
  hub: 'the hub of the emulators',
  logging: 'the logs of the emulators',
  ui: 'the Emulator UI',
  sendgrid: 'the SendGrid stand-in',
  smtp: 'the mail server of the inbox',
  inbox: 'the inbox',
  analytics: 'the Analytics stand-in',
  family: 'the stand-in for the app',
} as const;

type Part = keyof typeof purposes;
export type StackPorts = Readonly<Record<Part, number>>;

const parts = Object.keys(purposes) as Part[];

export interface FirebaseConfig {
  readonly functions: readonly Readonly<Record<string, unknown>>[];
  readonly emulators: Readonly<Record<string, { readonly port: number; readonly websocketPort?: number }>>;
}

/** The project's firebase.json, which names the ports that people know. */
export function readFirebaseConfig(): FirebaseConfig {
  return JSON.parse(readFileSync(path.join(repository, 'firebase.json'), 'utf8')) as FirebaseConfig;
}

export function standardPorts(): StackPorts {
  const { emulators } = readFirebaseConfig();
  const portOf = (emulator: string): number => emulators[emulator]?.port ?? 0;
  return {
    functions: portOf('functions'),
    firestore: portOf('firestore'),
    firestoreWebSocket: emulators['firestore']?.websocketPort ?? 0,
    pubsub: portOf('pubsub'),
    eventarc: portOf('eventarc'),
    tasks: portOf('tasks'),
    hub: portOf('hub'),
    logging: portOf('logging'),
    ui: 4000,
    sendgrid: 8025,
    smtp: 1025,
    inbox: 1080,
    analytics: 8090,
    family: 8095,
  };
}

/** Ports that nobody uses, so that one stack can run beside another. */
export async function anyPorts(): Promise<StackPorts> {
  const free = await freePorts(parts.length);
  return Object.fromEntries(parts.map((part, index) => [part, free[index]])) as StackPorts;
}

/** What each port is needed for; the Emulator UI needs none where it is not to be had. */
export function purposesOf(ports: StackPorts): Record<string, number> {
  return Object.fromEntries(
    parts
      .filter((part) => part !== 'ui' || isEmulatorUiDownloaded())
      .map((part) => [purposes[part], ports[part]]),
  );
}
