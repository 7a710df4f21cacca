import { PubSub } from '@google-cloud/pubsub';
import { pubsubTransactionPublisher } from '../adapters/pubsub/transaction-publisher.ts';
import { parseEnvironment } from '../config/environment.ts';
import { ingestTransactionsVariables } from '../config/variables.ts';
import { vendorKey } from '../domain/vendor-key.ts';
import { log } from '../log.ts';
import { createIngestTransactions } from '../usecases/ingest-transactions.ts';

/** Composes `ingestTransactions`. @throws ConfigError when the environment has faults. */
export function composeIngestTransactions() {
  const variables = parseEnvironment(ingestTransactionsVariables, process.env);
  return {
    vendorKeys: variables.VENDOR_KEYS.map(({ vendor, key }) => vendorKey(vendor, key)),
    ingestTransactions: createIngestTransactions({
      publisher: pubsubTransactionPublisher(new PubSub(), variables.PUBLISH_TIMEOUT),
      log,
    }),
  };
}
