/** Contents: one line a function. functions.yaml says what triggers each. */
import { cloudEvent } from '@google-cloud/functions-framework';
import { onCustomerWritten } from './handlers/customer-written.ts';
import { onTransactionPublished } from './handlers/transaction-published.ts';

// The framework finds a function by its registration, the Firebase emulator by its export.
export { onTransactionPublished as recordTransaction, onCustomerWritten as targetCustomer };

cloudEvent('recordTransaction', onTransactionPublished);
cloudEvent('targetCustomer', onCustomerWritten);
