import type { CloudEvent } from '@google-cloud/functions-framework';
import { logFor } from '../compose.ts';
import type { Log } from '../log.ts';
import { decodePubsubEvent, type PublishedMessage } from '../messages/pubsub-event.ts';
import { traceparentOf } from './traceparent.ts';

export interface Subscriber<Needs> {
  readonly functionName: string;
  /** That the function is subscribed to. */
  readonly topic: string;
  readonly compose: () => Promise<Needs>;
  readonly story: (message: PublishedMessage, to: Needs & { readonly log: Log }) => Promise<void>;
}

/**
 * A function for the messages of a topic. Returning acknowledges a message; throwing has it delivered again, which
 * is what happens to everything that goes wrong here.
 */
export function onPublished<Needs>({ functionName, topic, compose, story }: Subscriber<Needs>) {
  return async (event: CloudEvent<unknown>): Promise<void> => {
    const message = decodePubsubEvent(topic, event);
    const log = logFor(traceparentOf(event) ?? message.attributes['googclient_traceparent']);
    try {
      await story(message, { ...(await compose()), log });
    } catch (error) {
      log.functionFailed(functionName, { messageId: message.messageId }, error);
      throw error;
    }
  };
}
