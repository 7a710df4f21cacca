import { composeTargetCustomer } from '../compose/target-customer.ts';
import { onDocument } from '../framework/on-document.ts';

/** A document of `customers` was written. */
export const onCustomerWritten = onDocument({
  functionName: 'targetCustomer',
  compose: composeTargetCustomer,
});
