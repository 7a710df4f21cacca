import { composeRecordTransaction } from '../compose/record-transaction.ts';
import { topics } from '../domain/published-message.ts';
import { onMessage } from '../framework/on-message.ts';
import { decodeTransaction } from '../messages/transaction.ts';

/** Records each purchase that a source publishes. */
export const onTransactionPublished = onMessage({
  functionName: 'recordTransaction',
  topic: topics.transactions,
  decode: ({ data }, now) => decodeTransaction(data, now),
  compose: composeRecordTransaction,
});
