import type { CloudEvent } from '@google-cloud/functions-framework';
import { composeQuarantineDeadLetter, logFor } from '../compose.ts';
import { decodePubsubEvent, topics } from '../messages/pubsub-event.ts';
import { quarantineDeadLetter } from '../usecases/quarantine-dead-letter.ts';
import { traceparentOf } from './traceparent.ts';

/** Pub/Sub gave up a message of the topic `transactions`. Throwing has it delivered again, for as long as it takes. */
export async function onDeadLetterPublished(event: CloudEvent<unknown>): Promise<void> {
  const received = decodePubsubEvent(topics.transactionsDeadLetters, event);
  const log = logFor(traceparentOf(event) ?? received.attributes['googclient_traceparent']);
  try {
    await quarantineDeadLetter(received, topics.transactions, {
      ...(await composeQuarantineDeadLetter()),
      log,
    });
  } catch (error) {
    log.functionFailed('quarantineDeadLetter', { messageId: received.messageId }, error);
    throw error;
  }
}
