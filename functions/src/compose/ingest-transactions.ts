import { PubSub } from '@google-cloud/pubsub';
import { pubsubTransactionPublisher } from '../adapters/pubsub/transaction-publisher.ts';
import { ingestTransactionsConfig } from '../config/functions.ts';
import { vendorKey } from '../domain/vendor-key.ts';
import { log } from '../log.ts';
import { createIngestTransactions } from '../usecases/ingest-transactions.ts';

/** Everything that `ingestTransactions` consists of. @throws ConfigError when the environment has faults. */
export function composeIngestTransactions() {
  const { vendorKeys, publishTimeout } = ingestTransactionsConfig(process.env);
  return {
    vendorKeys: vendorKeys.map(({ vendor, key }) => vendorKey(vendor, key)),
    ingestTransactions: createIngestTransactions({
      publisher: pubsubTransactionPublisher(new PubSub(), publishTimeout),
      log,
    }),
  };
}
