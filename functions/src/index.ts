/** Contents: one line a function. functions.yaml says what triggers each. */
import { cloudEvent, http } from '@google-cloud/functions-framework';
import { onCustomerWritten } from './handlers/customer-written.ts';
import { onDeadEngagementPublished, onDeadTransactionPublished } from './handlers/dead-letter-published.ts';
import { onDeliveryReported } from './handlers/delivery-reported.ts';
import { onEmailsDue } from './handlers/emails-due.ts';
import { onEngagementPublished } from './handlers/engagement-published.ts';
import { finishingOnShutdown } from './handlers/shutdown.ts';
import { onTransactionPublished } from './handlers/transaction-published.ts';
import { onTransactionsIngested } from './handlers/transactions-ingested.ts';
import { leaveBodiesUnread } from './handlers/unparsed-body.ts';
import { onUnsubscribeRequested } from './handlers/unsubscribe-requested.ts';

// The framework finds a function by its registration, the Firebase emulator by its export.
export const recordTransaction = finishingOnShutdown(onTransactionPublished);
export const targetCustomer = finishingOnShutdown(onCustomerWritten);
export const resumeEmails = finishingOnShutdown(onEmailsDue);
export const recordDelivery = finishingOnShutdown(onDeliveryReported);
export const recordEngagement = finishingOnShutdown(onEngagementPublished);
export const quarantineDeadLetter = finishingOnShutdown(onDeadTransactionPublished);
export const quarantineDeadEngagement = finishingOnShutdown(onDeadEngagementPublished);
export const ingestTransactions = finishingOnShutdown(onTransactionsIngested);
export const unsubscribe = finishingOnShutdown(onUnsubscribeRequested);

cloudEvent('recordTransaction', recordTransaction);
cloudEvent('targetCustomer', targetCustomer);
cloudEvent('resumeEmails', resumeEmails);
cloudEvent('recordEngagement', recordEngagement);
cloudEvent('quarantineDeadLetter', quarantineDeadLetter);
cloudEvent('quarantineDeadEngagement', quarantineDeadEngagement);
http('ingestTransactions', ingestTransactions);
http('unsubscribe', unsubscribe);
http('recordDelivery', recordDelivery);
leaveBodiesUnread('ingestTransactions');
leaveBodiesUnread('unsubscribe');
leaveBodiesUnread('recordDelivery');
