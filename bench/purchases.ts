import { randomUUID } from 'node:crypto';

/** The address of customer `n` of a group. Groups share no customers. */
export function addressOf(group: string, n: number): string {
  return `${group}-${n}@example.com`;
}

/**
 * Purchases of one customer before a new customer takes their place. Firestore's emulator keeps every version of a
 * document and slows down after some thousands of them; Firestore does not.
 */
const PURCHASES_EACH = 500;

/** The address of the buyer in purchase `n`, where `customers` take turns at any time. */
export function buyerOf(group: string, n: number, customers: number): string {
  const generation = Math.floor(n / (customers * PURCHASES_EACH));
  return addressOf(`${group}-${generation}`, n % customers);
}

/** A purchase of this moment, as a fridge reports it. */
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
