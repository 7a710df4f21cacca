import { firestoreClient } from '../adapters/firestore/client.ts';
import { customerChange } from '../adapters/firestore/customer-documents.ts';
import { targetCustomerConfig } from '../config/sending.ts';
import { log } from '../log.ts';
import { createTargetCustomer } from '../usecases/target-customer.ts';
import { composeSending } from './sending.ts';

/** Composes `targetCustomer`. @throws ConfigError when the environment has faults. */
export function composeTargetCustomer() {
  const { outreachPolicy, ...sending } = targetCustomerConfig(process.env);
  const { ledger, sendEmail } = composeSending(firestoreClient(), sending);
  const useCase = createTargetCustomer({
    ledger,
    sendEmail,
    policy: outreachPolicy,
    lease: sending.sendingPolicy.lease,
    clock: Date.now,
    log,
  });
  return { decode: customerChange, useCase };
}
