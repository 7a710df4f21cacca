import type { CloudEvent } from '@google-cloud/functions-framework';
import { composeRecordTransaction, logFor } from '../compose.ts';
import { decodePubsubEvent, topics } from '../messages/pubsub-event.ts';
import { recordTransaction } from '../usecases/record-transaction.ts';
import { traceparentOf } from './traceparent.ts';

/** A message arrived on the topic `transactions`. Returning acknowledges it; throwing has it delivered again. */
export async function onTransactionPublished(event: CloudEvent<unknown>): Promise<void> {
  const message = decodePubsubEvent(topics.transactions, event);
  const log = logFor(traceparentOf(event) ?? message.attributes['googclient_traceparent']);
  try {
    await recordTransaction(message, { ...(await composeRecordTransaction()), log });
  } catch (error) {
    log.functionFailed('recordTransaction', { messageId: message.messageId }, error);
    throw error;
  }
}
