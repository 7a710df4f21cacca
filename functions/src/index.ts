/** Contents: one line a function. functions.yaml says what triggers each. */
import { cloudEvent } from '@google-cloud/functions-framework';
import { onCustomerWritten } from './handlers/customer-written.ts';
import { onEmailsDue } from './handlers/emails-due.ts';
import { finishingOnShutdown } from './handlers/shutdown.ts';
import { onTransactionPublished } from './handlers/transaction-published.ts';

// The framework finds a function by its registration, the Firebase emulator by its export.
export const recordTransaction = finishingOnShutdown(onTransactionPublished);
export const targetCustomer = finishingOnShutdown(onCustomerWritten);
export const resumeEmails = finishingOnShutdown(onEmailsDue);

cloudEvent('recordTransaction', recordTransaction);
cloudEvent('targetCustomer', targetCustomer);
cloudEvent('resumeEmails', resumeEmails);
