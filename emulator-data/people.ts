/** The customers of the seed and what they buy. All are made up, with addresses on example domains (RFC 2606). */
import type { Buyer, Item, Location, Source, Transaction } from '../functions/src/domain/transaction.ts';
import type { Random } from './random.ts';

const givenNames = {
  en: [
    'Alice',
    'Ben',
    'Chloe',
    'Dev',
    'Emma',
    'Frank',
    'Gina',
    'Hugh',
    'Ivy',
    'Jack',
    'Kara',
    'Leo',
    'Mona',
    'Noah',
  ],
  es: ['Ana', 'Bruno', 'Celia', 'Darío', 'Elena', 'Félix', 'Gloria', 'Hugo', 'Irene', 'Julián'],
};
const familyNames = [
  'Avery',
  'Brooks',
  'Campos',
  'Duran',
  'Ellis',
  'Flores',
  'Gray',
  'Hayes',
  'Ibarra',
  'Jordan',
];
const domains = ['example.com', 'example.org', 'example.net'];

const locations: readonly Location[] = [
  { id: 'fridge-0117', name: 'Capital Factory, 5th floor', zone: 'downtown', timeZone: 'America/Chicago' },
  {
    id: 'fridge-0042',
    name: 'St. David’s staff lounge',
    zone: 'medical-district',
    timeZone: 'America/Chicago',
  },
  { id: 'fridge-0311', name: 'Brickell City Tower', zone: 'brickell', timeZone: 'America/New_York' },
];

const items: readonly Item[] = [
  {
    sku: 'MEAL-GRAIN-01',
    name: 'Roasted vegetable grain bowl',
    category: 'bowl',
    quantity: 1,
    unitPrice: 1095,
  },
  { sku: 'MEAL-SALAD-04', name: 'Kale and citrus salad', category: 'salad', quantity: 1, unitPrice: 925 },
  { sku: 'MEAL-SOUP-02', name: 'Lentil and tomato soup', category: 'soup', quantity: 1, unitPrice: 745 },
  {
    sku: 'BRKF-OATS-03',
    name: 'Overnight oats with berries',
    category: 'breakfast',
    quantity: 1,
    unitPrice: 595,
  },
  { sku: 'DRNK-JUICE-01', name: 'Carrot and ginger juice', category: 'drink', quantity: 2, unitPrice: 495 },
];

/** @param number makes the address unique. */
export function buyer(number: number, random: Random): Buyer {
  const language = random.oneOf(['en', 'en', 'es'] as const);
  const name = random.oneOf(givenNames[language]);
  const local = `${name}.${random.oneOf(familyNames)}.${number}`.normalize('NFD').replaceAll(/\p{M}/gu, '');
  return {
    email: `${local.toLowerCase()}@${random.oneOf(domains)}`,
    emailSource: random.oneOf(['checkout', 'card']),
    name,
    locale: `${language}-US`,
  };
}

/** @param occurredAt epoch milliseconds. */
export function purchase(transactionId: string, who: Buyer, occurredAt: number, random: Random): Transaction {
  const bought = [random.oneOf(items)];
  const source: Source = random.oneOf(['smart-fridge', 'smart-fridge', 'mobile-app', 'point-of-sale']);
  return {
    transactionId,
    source,
    occurredAt,
    buyer: who,
    ...(source !== 'mobile-app' && { location: random.oneOf(locations) }),
    items: bought,
    total: {
      amount: bought.reduce((sum, { quantity, unitPrice }) => sum + quantity * unitPrice, 0),
      currency: 'USD',
    },
  };
}
