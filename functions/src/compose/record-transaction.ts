import { firestoreClient } from '../adapters/firestore/client.ts';
import { firestoreQuarantine } from '../adapters/firestore/quarantine.ts';
import { firestoreTransactions } from '../adapters/firestore/transactions.ts';
import { recordTransactionConfig } from '../config/functions.ts';
import { log } from '../log.ts';
import { createQuarantineMessage } from '../usecases/quarantine-message.ts';
import { createRecordTransaction } from '../usecases/record-transaction.ts';

/** Everything that `recordTransaction` consists of. @throws ConfigError when the environment has faults. */
export function composeRecordTransaction() {
  const { policy, quarantineRetention } = recordTransactionConfig(process.env);
  const firestore = firestoreClient();
  const quarantineMessage = createQuarantineMessage({
    quarantine: firestoreQuarantine(firestore, quarantineRetention, Date.now),
    log,
  });
  const useCase = createRecordTransaction({
    transactions: firestoreTransactions(firestore),
    quarantineMessage,
    policy,
    clock: Date.now,
    log,
  });
  return { useCase, quarantineMessage };
}
