import type { MessageFault } from '../domain/quarantine.ts';
import { transactionRecord, type RecordingPolicy } from '../domain/transaction-record.ts';
import type { PublishedMessage } from '../messages/pubsub-event.ts';
import { decodeTransaction } from '../messages/transaction.ts';
import type { Clock, TransactionStore } from '../ports.ts';
import { keepInQuarantine, type KeepInQuarantine } from './keep-in-quarantine.ts';

export interface RecordTransaction extends KeepInQuarantine {
  readonly store: TransactionStore;
  readonly policy: RecordingPolicy;
  readonly clock: Clock;
}

/**
 * One purchase arrives: it is stored once and its customer brought up to date, or it is kept in quarantine.
 * @throws RetryableError when the store cannot be reached: the message must be delivered again.
 */
export async function recordTransaction(message: PublishedMessage, to: RecordTransaction): Promise<void> {
  const decoded = decodeTransaction(message.data, to.clock());
  if ('fault' in decoded) return keepInQuarantine(message, decoded.fault, to);

  const record = transactionRecord(decoded.transaction, to.policy, to.clock());
  switch (await to.store.record(record)) {
    case 'recorded':
      to.log.transactionRecorded(message, record);
      return;
    case 'duplicate':
      to.log.transactionDuplicate(message, record);
      return;
    case 'conflict':
      return keepInQuarantine(message, conflictingDuplicate, to);
  }
}

const conflictingDuplicate: MessageFault = {
  reason: 'conflicting-duplicate',
  details: ['transactionId: this source has already reported another purchase under the same ID'],
};
