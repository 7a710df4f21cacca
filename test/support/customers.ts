import type { Customer } from '../../functions/src/domain/customer.ts';
import type { OpenEmail, SendingPolicy } from '../../functions/src/domain/email.ts';
import type { OutreachPolicy } from '../../functions/src/domain/outreach.ts';
import { day, hour, minute, now } from './transactions.ts';

/** A customer who bought once, five minutes ago. */
export function customer(changes: Partial<Customer> = {}): Customer {
  return {
    customerId: '8a1f3c5e7b9d2f4a6c8e0b1d3f5a7c9e',
    email: 'ann.lee@example.com',
    emailSources: { card: 1 },
    group: 'outreach',
    transactions: 1,
    spend: { EUR: 890 },
    firstTransactionAt: now - 5 * minute,
    lastTransactionAt: now - 5 * minute,
    transactionsBySource: { 'smart-fridge': 1 },
    latestTransaction: {
      occurredAt: now - 5 * minute,
      source: 'smart-fridge',
      location: { id: 'fridge-12', name: 'Central Station' },
      items: [{ sku: 'QB-1', name: 'Quinoa Bowl', category: 'bowls', quantity: 1, unitPrice: 890 }],
    },
    ...changes,
  };
}

/** The first email to customer `c1`, deferred an hour ago and due now. */
export function openEmail(changes: Partial<OpenEmail> = {}): OpenEmail {
  return {
    emailId: 'c1~1',
    customerId: 'c1',
    sequence: 1,
    stage: 'transactional',
    transactionsAnswered: 1,
    claimedAt: now - hour,
    attemptedAt: now - hour,
    attempts: 1,
    dueAt: now,
    status: 'deferred',
    ...changes,
  };
}

/** The default policy. */
export const outreachPolicy: OutreachPolicy = {
  cooldown: 7 * day,
  maxEmails: 4,
  maxTransactionAge: 48 * hour,
};

/** The default policy, with SendGrid's webhook set up. */
export const sendingPolicy: SendingPolicy = {
  lease: 5 * minute,
  firstBackoff: 5 * minute,
  longestBackoff: 4 * hour,
  maxAttempts: 30,
  giveUpAfter: 3 * day,
  grace: day,
  webhookConfigured: true,
};
