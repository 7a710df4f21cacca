/** The cloud under the functions: Google's emulators or the embedded cloud, which are used alike. */
import type { DeployedFunction } from '../../functions/manifest.ts';
import { PROJECT } from '../../operations/target/local-stack.ts';
import { startEmbeddedCloud } from '../cloud/embedded-cloud.ts';
import { startEmulators, type RunningEmulators } from '../stack/emulators.ts';
import { whyEmbedded } from '../toolchain/emulator-choice.ts';
import type { EventarcStandIn } from './eventarc.ts';
import { registerTrigger } from './firestore.ts';

export interface RunningCloud extends RunningEmulators {
  /** Sends the writes that trigger the function to Eventarc from now on. Does nothing without a document trigger. */
  reportWrites(definition: DeployedFunction): Promise<void>;
}

/** Starts Google's emulators where they are found, and the embedded cloud elsewhere. @param firestoreMemory see stack.ts */
export function startCloud(eventarc: EventarcStandIn, firestoreMemory?: number): Promise<RunningCloud> {
  return whyEmbedded() === undefined ? startGoogle(eventarc, firestoreMemory) : startEmbedded(eventarc);
}

async function startGoogle(eventarc: EventarcStandIn, firestoreMemory?: number): Promise<RunningCloud> {
  const emulators = await startEmulators({
    firestore: true,
    pubsub: true,
    firestoreEventsTo: eventarc.address,
    ...(firestoreMemory !== undefined && { firestoreMemory }),
  });
  const host = emulators.env['FIRESTORE_EMULATOR_HOST'] ?? '';
  return { ...emulators, reportWrites: (definition) => registerTrigger(host, definition) };
}

/** @param ports free ones when absent. */
export async function startEmbedded(
  eventarc: EventarcStandIn,
  ports?: { readonly firestore: number; readonly pubsub: number },
): Promise<RunningCloud> {
  const cloud = await startEmbeddedCloud(ports);
  return {
    env: cloud.env,
    stop: () => cloud.stop(),
    async reportWrites({ eventTrigger }) {
      if (eventTrigger?.eventType !== 'google.cloud.firestore.document.v1.written') return;
      const { eventFilters, eventFilterPathPatterns } = eventTrigger;
      const { document } = eventFilterPathPatterns;
      cloud.onWrite({ project: PROJECT, database: eventFilters.database, document }, (event) =>
        eventarc.receive(event),
      );
    },
  };
}
