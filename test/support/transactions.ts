import type { Transaction } from '../../functions/src/domain/transaction.ts';

/** 1 May 2026, noon UTC: the present in all tests. */
export const now = Date.UTC(2026, 4, 1, 12);

export const second = 1_000;
export const minute = 60 * second;
export const hour = 60 * minute;
export const day = 24 * hour;

/** A message as a fridge publishes it, with changes. */
export function transactionMessage(changes: Record<string, unknown> = {}): Record<string, unknown> {
  return {
    transactionId: 'sale-1',
    source: 'smart-fridge',
    occurredAt: '2026-05-01T13:55:00+02:00',
    customer: { email: 'Ann.Lee@Example.com', emailSource: 'card', name: 'Ann Lee', locale: 'es-MX' },
    location: { id: 'fridge-12', name: 'Central Station', zone: 'north', timeZone: 'Europe/Madrid' },
    items: [{ sku: 'QB-1', name: 'Quinoa Bowl', category: 'bowls', quantity: 1, unitPrice: 890 }],
    total: { amount: 890, currency: 'EUR' },
    ...changes,
  };
}

export function encoded(message: unknown): Buffer {
  return Buffer.from(JSON.stringify(message));
}

/** The decoded form of `transactionMessage()`, with changes. */
export function transaction(changes: Partial<Transaction> = {}): Transaction {
  return {
    transactionId: 'sale-1',
    source: 'smart-fridge',
    occurredAt: now - 5 * minute,
    buyer: { email: 'ann.lee@example.com', emailSource: 'card', name: 'Ann Lee', locale: 'es-MX' },
    location: { id: 'fridge-12', name: 'Central Station', zone: 'north', timeZone: 'Europe/Madrid' },
    items: [{ sku: 'QB-1', name: 'Quinoa Bowl', category: 'bowls', quantity: 1, unitPrice: 890 }],
    total: { amount: 890, currency: 'EUR' },
    ...changes,
  };
}
