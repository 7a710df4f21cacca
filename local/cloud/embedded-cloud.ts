/** The embedded Firestore and the embedded Pub/Sub in this process: the local stack without a JDK and Google's emulators. */
import { PROJECT } from '../../operations/target/local-stack.ts';
import { eventOf, matches, type DocumentTrigger, type FirestoreEvent } from './document-events.ts';
import { startFirestore } from './firestore/server.ts';
import { startPubsub } from './pubsub/server.ts';

export interface EmbeddedCloud {
  /** The environment in which clients find it. */
  readonly env: Record<string, string>;
  /** Calls the listener for each document that the trigger matches, once after each write that changes it. */
  onWrite(trigger: DocumentTrigger, listener: (event: FirestoreEvent) => void): void;
  /** Ends every call and frees the ports. */
  stop(): Promise<void>;
}

/** Starts both with nothing in them. @param ports free ones when absent. */
export async function startEmbeddedCloud(ports = { firestore: 0, pubsub: 0 }): Promise<EmbeddedCloud> {
  const firestore = await startFirestore(ports.firestore);
  const pubsub = await startPubsub(ports.pubsub);
  return {
    env: {
      GOOGLE_CLOUD_PROJECT: PROJECT,
      METADATA_SERVER_DETECTION: 'none',
      FIRESTORE_EMULATOR_HOST: firestore.address,
      PUBSUB_EMULATOR_HOST: pubsub.address,
    },
    onWrite(trigger, listener) {
      firestore.store.onWrite((change) => {
        if (matches(trigger, change)) listener(eventOf(change));
      });
    },
    async stop() {
      await pubsub.close();
      firestore.close();
    },
  };
}
