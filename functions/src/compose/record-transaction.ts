import { firestoreClient } from '../adapters/firestore/client.ts';
import { firestoreQuarantine } from '../adapters/firestore/quarantine.ts';
import { firestoreTransactions } from '../adapters/firestore/transactions.ts';
import { parseEnvironment } from '../config/environment.ts';
import { recordTransactionVariables } from '../config/variables.ts';
import { log } from '../log.ts';
import { createQuarantineMessage } from '../usecases/quarantine-message.ts';
import { createRecordTransaction } from '../usecases/record-transaction.ts';

/** Composes `recordTransaction`. @throws ConfigError when the environment has faults. */
export function composeRecordTransaction() {
  const variables = parseEnvironment(recordTransactionVariables, process.env);
  const firestore = firestoreClient();
  const quarantineMessage = createQuarantineMessage({
    quarantine: firestoreQuarantine(firestore, variables.QUARANTINE_RETENTION, Date.now),
    log,
  });
  const useCase = createRecordTransaction({
    transactions: firestoreTransactions(firestore),
    quarantineMessage,
    policy: {
      hashKey: variables.HASH_KEY,
      controlGroupShare: variables.CONTROL_GROUP_SHARE,
      transactionRetention: variables.TRANSACTION_RETENTION,
    },
    clock: Date.now,
    log,
  });
  return { useCase, quarantineMessage };
}
