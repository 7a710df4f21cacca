/** Contents: one line a function. functions.yaml says what triggers each. */
import { cloudEvent, http } from '@google-cloud/functions-framework';
import { loadedOnDemand } from './handlers/on-demand.ts';
import { leaveBodiesUnread } from './handlers/unparsed-body.ts';
import { doWithoutDomains } from './handlers/without-domains.ts';

// The framework finds a function by its registration, the Firebase emulator by its export.
export const recordTransaction = loadedOnDemand(
  async () => (await import('./handlers/transaction-published.ts')).onTransactionPublished,
);
export const targetCustomer = loadedOnDemand(
  async () => (await import('./handlers/customer-written.ts')).onCustomerWritten,
);
export const resumeEmails = loadedOnDemand(
  async () => (await import('./handlers/emails-due.ts')).onEmailsDue,
);
export const recordDelivery = loadedOnDemand(
  async () => (await import('./handlers/delivery-reported.ts')).onDeliveryReported,
);
export const recordEngagement = loadedOnDemand(
  async () => (await import('./handlers/engagement-published.ts')).onEngagementPublished,
);
export const quarantineDeadLetter = loadedOnDemand(
  async () => (await import('./handlers/dead-letter-published.ts')).onDeadTransactionPublished,
);
export const quarantineDeadEngagement = loadedOnDemand(
  async () => (await import('./handlers/dead-letter-published.ts')).onDeadEngagementPublished,
);
export const ingestTransactions = loadedOnDemand(
  async () => (await import('./handlers/transactions-ingested.ts')).onTransactionsIngested,
);
export const unsubscribe = loadedOnDemand(
  async () => (await import('./handlers/unsubscribe-requested.ts')).onUnsubscribeRequested,
);

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
doWithoutDomains();
