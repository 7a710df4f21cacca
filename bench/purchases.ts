import { randomUUID } from 'node:crypto';

/** The address of customer number `n` of a group of customers that has nobody in common with any other group. */
export function addressOf(group: string, n: number): string {
  return `${group}-${n}@example.com`;
}

/** A purchase that has just happened, as a fridge reports it. */
export function purchaseBy(email: string): Buffer {
  const message = {
    version: 1,
    transactionId: randomUUID(),
    source: 'smart-fridge',
    occurredAt: new Date().toISOString(),
    customer: { email, emailSource: 'card', name: 'Ann Lee', locale: 'en-US' },
    location: { id: 'fridge-0117', name: 'Central Station', zone: 'north', timeZone: 'America/Chicago' },
    items: [
      { sku: 'MEAL-BOWL-01', name: 'Quinoa Bowl', category: 'bowl', quantity: 1, unitPrice: 890 },
      { sku: 'DRNK-JUICE-01', name: 'Carrot Juice', category: 'drink', quantity: 1, unitPrice: 495 },
    ],
    total: { amount: 1385, currency: 'USD' },
  };
  return Buffer.from(JSON.stringify(message));
}
