/** The deployed functions. functions.yaml has their triggers; the code of a function is loaded with its first event. */
import { eventFunction, httpFunction } from './framework/registration.ts';

export const recordTransaction = eventFunction(
  'recordTransaction',
  async () => (await import('./handlers/transaction-published.ts')).onTransactionPublished,
);
export const targetCustomer = eventFunction(
  'targetCustomer',
  async () => (await import('./handlers/customer-written.ts')).onCustomerWritten,
);
export const resumeEmails = eventFunction(
  'resumeEmails',
  async () => (await import('./handlers/emails-due.ts')).onEmailsDue,
);
export const recordDelivery = httpFunction(
  'recordDelivery',
  async () => (await import('./handlers/delivery-reported.ts')).onDeliveryReported,
);
export const recordEngagement = eventFunction(
  'recordEngagement',
  async () => (await import('./handlers/engagement-published.ts')).onEngagementPublished,
);
export const quarantineDeadLetter = eventFunction(
  'quarantineDeadLetter',
  async () => (await import('./handlers/dead-letter-published.ts')).onDeadTransactionPublished,
);
export const quarantineDeadEngagement = eventFunction(
  'quarantineDeadEngagement',
  async () => (await import('./handlers/dead-letter-published.ts')).onDeadEngagementPublished,
);
export const ingestTransactions = httpFunction(
  'ingestTransactions',
  async () => (await import('./handlers/transactions-ingested.ts')).onTransactionsIngested,
);
export const unsubscribe = httpFunction(
  'unsubscribe',
  async () => (await import('./handlers/unsubscribe-requested.ts')).onUnsubscribeRequested,
);
