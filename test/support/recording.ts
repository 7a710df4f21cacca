import type { Firestore } from '@google-cloud/firestore';
import { firestoreConversions } from '../../functions/src/adapters/firestore/conversions.ts';
import { firestoreEngagements } from '../../functions/src/adapters/firestore/engagements.ts';
import { firestoreQuarantine } from '../../functions/src/adapters/firestore/quarantine.ts';
import { firestoreTransactions } from '../../functions/src/adapters/firestore/transactions.ts';
import type { Log } from '../../functions/src/log.ts';
import { decodeEngagement } from '../../functions/src/messages/engagement.ts';
import { decodeTransaction } from '../../functions/src/messages/transaction.ts';
import { createCreditConversion } from '../../functions/src/usecases/credit-conversion.ts';
import { createQuarantineMessage } from '../../functions/src/usecases/quarantine-message.ts';
import { createRecordEngagement } from '../../functions/src/usecases/record-engagement.ts';
import { createRecordTransaction } from '../../functions/src/usecases/record-transaction.ts';
import { messageHandler } from './messages.ts';
import { day, now } from './transactions.ts';

const clock = () => now;

function quarantineMessageIn(firestore: Firestore, log: Log) {
  return createQuarantineMessage({ quarantine: firestoreQuarantine(firestore, 90 * day, clock), log });
}

/** `recordTransaction` on this database, with a fixed clock. */
export function transactionRecorder(firestore: Firestore, log: Log, hashKey: string) {
  const quarantineMessage = quarantineMessageIn(firestore, log);
  const recordTransaction = createRecordTransaction({
    transactions: firestoreTransactions(firestore),
    quarantineMessage,
    policy: { hashKey, controlGroupShare: 0, transactionRetention: 730 * day },
    clock,
    log,
  });
  return messageHandler(decodeTransaction, recordTransaction, quarantineMessage, clock);
}

/** `recordEngagement` on this database, with a fixed clock. */
export function engagementRecorder(firestore: Firestore, log: Log, hashKey: string) {
  const recordEngagement = createRecordEngagement({
    engagements: firestoreEngagements(firestore),
    creditConversion: createCreditConversion({
      conversions: firestoreConversions(firestore),
      attributionWindow: 30 * day,
      log,
    }),
    policy: { hashKey, controlGroupShare: 0, firstStepsAfter: 3 * day },
    log,
  });
  return messageHandler(decodeEngagement, recordEngagement, quarantineMessageIn(firestore, log), clock);
}
