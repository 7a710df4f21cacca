/** The ports of the local stack. */
import firebase from '../../firebase.json' with { type: 'json' };
import { isEmulatorUiDownloaded } from '../toolchain/emulator-binaries.ts';
import { freePorts } from './ports.ts';

/** What each port is for, in the error message when the port is in use. */
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
  app: 'the stand-in for the app',
} as const;

type Part = keyof typeof purposes;
export type StackPorts = Readonly<Record<Part, number>>;

const { emulators } = firebase;

const parts = Object.keys(purposes) as Part[];

/** The usual ports: those in firebase.json for the emulators. */
export const standardPorts: StackPorts = {
  functions: emulators.functions.port,
  firestore: emulators.firestore.port,
  firestoreWebSocket: emulators.firestore.websocketPort,
  pubsub: emulators.pubsub.port,
  eventarc: emulators.eventarc.port,
  tasks: emulators.tasks.port,
  hub: emulators.hub.port,
  logging: emulators.logging.port,
  ui: 4000,
  sendgrid: 8025,
  smtp: 1025,
  inbox: 1080,
  analytics: 8090,
  app: 8095,
};

/** Free ports, so that one stack can run beside another. */
export async function anyPorts(): Promise<StackPorts> {
  const free = await freePorts(parts.length);
  return Object.fromEntries(parts.map((part, index) => [part, free[index]])) as StackPorts;
}

/** Parts that only the Firebase suite has. */
const partsOfFirebase: readonly Part[] = ['firestoreWebSocket', 'eventarc', 'tasks', 'hub', 'logging', 'ui'];

/** The ports by their purpose. The Emulator UI needs no port where it is not available. */
export function purposesOf(ports: StackPorts, isEmbedded: boolean): Record<string, number> {
  return Object.fromEntries(
    parts
      .filter((part) => !isEmbedded || !partsOfFirebase.includes(part))
      .filter((part) => part !== 'ui' || isEmulatorUiDownloaded())
      .map((part) => [purposes[part], ports[part]]),
  );
}
