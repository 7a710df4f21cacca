import { composeTargetCustomer } from '../compose/target-customer.ts';
import { onDocument } from '../framework/on-document.ts';

/** Runs for each write to a document of `customers`. */
export const onCustomerWritten = onDocument({
  functionName: 'targetCustomer',
  compose: composeTargetCustomer,
});
