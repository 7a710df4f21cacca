import { Firestore } from '@google-cloud/firestore';
import { topics } from '../../functions/src/domain/published-message.ts';
import { PubSub, type Topic } from '@google-cloud/pubsub';
import { PROJECT } from '../../operations/target/local-stack.ts';

export interface Clients {
  readonly firestore: Firestore;
  /** Publishes each message at once, without batching. */
  readonly transactions: Topic;
}

/** Clients of a running stack. @param env the environment of its clients. */
export function clientsOf(env: Readonly<Record<string, string>>): Clients {
  Object.assign(process.env, env);
  const pubsub = new PubSub({ projectId: PROJECT });
  return {
    firestore: new Firestore({ projectId: PROJECT }),
    transactions: pubsub.topic(topics.transactions, { batching: { maxMessages: 1 } }),
  };
}

/** A client of an emulator that ignores the environment. @param host `HOST:PORT` */
export function pubsubClient(host: string): PubSub {
  // Without this, the client first looks for a metadata server, which takes seconds.
  process.env.METADATA_SERVER_DETECTION ??= 'none';
  return new PubSub({ projectId: PROJECT, apiEndpoint: host, emulatorMode: true });
}
