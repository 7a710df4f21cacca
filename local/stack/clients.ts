import { Firestore } from '@google-cloud/firestore';
import { PubSub, type Topic } from '@google-cloud/pubsub';
import { PROJECT, TOPIC } from './environment.ts';

export interface Clients {
  readonly firestore: Firestore;
  /** Publishes each message at once: nothing is held back to be sent with others. */
  readonly transactions: Topic;
}

/** Clients of a running stack. @param env what the stack says its clients need. */
export function clientsOf(env: Readonly<Record<string, string>>): Clients {
  Object.assign(process.env, env);
  const pubsub = new PubSub({ projectId: PROJECT });
  return {
    firestore: new Firestore({ projectId: PROJECT }),
    transactions: pubsub.topic(TOPIC, { batching: { maxMessages: 1 } }),
  };
}

/** A client of an emulator, whatever the environment says. @param host as `HOST:PORT`. */
export function pubsubClient(host: string): PubSub {
  // Else it looks for a metadata server, for seconds.
  process.env.METADATA_SERVER_DETECTION ??= 'none';
  return new PubSub({ projectId: PROJECT, apiEndpoint: host, emulatorMode: true });
}
