import { composeRecordTransaction } from '../compose.ts';
import { topics } from '../messages/pubsub-event.ts';
import { recordTransaction } from '../usecases/record-transaction.ts';
import { onPublished } from './on-published.ts';

/** A message arrived on the topic `transactions`. */
export const onTransactionPublished = onPublished({
  functionName: 'recordTransaction',
  topic: topics.transactions,
  compose: composeRecordTransaction,
  story: recordTransaction,
});
