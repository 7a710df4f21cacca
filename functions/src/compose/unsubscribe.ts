import { firestoreClient } from '../adapters/firestore/client.ts';
import { firestoreCustomers } from '../adapters/firestore/customers.ts';
import { firestoreSubscriptions } from '../adapters/firestore/subscriptions.ts';
import { loadCompiledTemplates } from '../adapters/liquid/compiled-templates.ts';
import { liquidUnsubscribePages } from '../adapters/liquid/unsubscribe-pages.ts';
import { parseEnvironment } from '../config/environment.ts';
import { unsubscribeVariables } from '../config/variables.ts';
import { log } from '../log.ts';
import { createSummarizeSubscription, createUnsubscribe } from '../usecases/unsubscribe.ts';

/** Composes `unsubscribe`. @throws ConfigError when the environment has faults. */
export function composeUnsubscribe() {
  const variables = parseEnvironment(unsubscribeVariables, process.env);
  const sender = { name: variables.SENDER_NAME, postalAddress: variables.SENDER_POSTAL_ADDRESS };
  const firestore = firestoreClient();
  const customers = firestoreCustomers(firestore);
  const subscriptions = firestoreSubscriptions(firestore);
  return {
    tokenKeys: variables.TOKEN_KEYS,
    timeout: variables.PAGE_TIMEOUT,
    pages: liquidUnsubscribePages(loadCompiledTemplates(), sender),
    summarizeSubscription: createSummarizeSubscription({ customers, subscriptions, clock: Date.now }),
    unsubscribe: createUnsubscribe({ subscriptions, clock: Date.now, log }),
  };
}

export type UnsubscribePage = ReturnType<typeof composeUnsubscribe>;
