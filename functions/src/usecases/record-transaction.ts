import type { PublishedMessage } from '../domain/published-message.ts';
import type { MessageFault } from '../domain/quarantine.ts';
import type { Clock } from '../domain/time.ts';
import type { Transaction } from '../domain/transaction.ts';
import { transactionRecord, type RecordingPolicy } from '../domain/transaction-record.ts';
import type { Log } from '../log.ts';
import type { TransactionStore } from '../ports.ts';
import type { QuarantineMessage } from './quarantine-message.ts';

/**
 * A purchase arrives: it is stored once and its customer is updated. A different purchase under the same ID is quarantined. A
 * refund or a void is ignored: the buyer has bought all the same, and its order with the purchase does not matter.
 * @throws RetryableError when the store cannot be reached: the message must be delivered again.
 */
export type RecordTransaction = (transaction: Transaction, message: PublishedMessage) => Promise<void>;

export function createRecordTransaction({
  transactions,
  quarantineMessage,
  policy,
  clock,
  log,
}: {
  readonly transactions: TransactionStore;
  readonly quarantineMessage: QuarantineMessage;
  readonly policy: RecordingPolicy;
  readonly clock: Clock;
  readonly log: Log;
}): RecordTransaction {
  return async (transaction, message) => {
    if (transaction.reversal !== undefined)
      return log.reversalIgnored(message, transaction.source, transaction.reversal);
    const record = transactionRecord(transaction, policy, clock());
    switch (await transactions.record(record)) {
      case 'recorded':
        return log.transactionRecorded(message, record);
      case 'duplicate':
        return log.transactionDuplicate(message, record);
      case 'conflict':
        return quarantineMessage(message, conflictingDuplicate);
    }
  };
}

const conflictingDuplicate: MessageFault = {
  reason: 'conflicting-duplicate',
  details: ['transactionId: this source has already reported another purchase under the same ID'],
};
