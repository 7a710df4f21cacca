import type { MessageFault } from '../domain/quarantine.ts';
import { transactionRecord, type RecordingPolicy } from '../domain/transaction-record.ts';
import type { Log } from '../log.ts';
import type { PublishedMessage } from '../messages/pubsub-event.ts';
import { decodeTransaction } from '../messages/transaction.ts';
import type { Clock, Quarantine, TransactionStore } from '../ports.ts';

export interface RecordTransaction {
  readonly store: TransactionStore;
  readonly quarantine: Quarantine;
  readonly policy: RecordingPolicy;
  readonly clock: Clock;
  readonly log: Log;
}

/**
 * One purchase arrives: it is stored once and its customer brought up to date, or it is kept in quarantine.
 * @throws RetryableError when the store cannot be reached: the message must be delivered again.
 */
export async function recordTransaction(message: PublishedMessage, to: RecordTransaction): Promise<void> {
  const decoded = decodeTransaction(message.data, to.clock());
  if ('fault' in decoded) return quarantine(message, decoded.fault, to);

  const record = transactionRecord(decoded.transaction, to.policy, to.clock());
  switch (await to.store.record(record)) {
    case 'recorded':
      to.log.transactionRecorded(message, record);
      return;
    case 'duplicate':
      to.log.transactionDuplicate(message, record);
      return;
    case 'conflict':
      return quarantine(message, conflictingDuplicate, to);
  }
}

const conflictingDuplicate: MessageFault = {
  reason: 'conflicting-duplicate',
  details: ['transactionId: this source has already reported another purchase under the same ID'],
};

async function quarantine(
  message: PublishedMessage,
  fault: MessageFault,
  to: RecordTransaction,
): Promise<void> {
  await to.quarantine.keep(message, fault);
  to.log.messageQuarantined(message, fault);
}
