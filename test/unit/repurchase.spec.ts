import { Readable } from 'node:stream';
import { expect } from 'chai';
import fc from 'fast-check';
import { PurchaseHistory, type Purchase } from '../../operations/report/history.ts';
import { hourIn } from '../../operations/report/hour.ts';
import { purchaseLines, type BadLine } from '../../operations/publish/purchase-lines.ts';
import { purchasesInFile } from '../../operations/report/purchases-in-file.ts';
import { repurchaseIn, spans } from '../../operations/report/repurchase.ts';
import { transactionMessage } from '../support/transactions.ts';

const second = 1000;

function historyOf(purchases: readonly Omit<Purchase, 'hour'>[]): PurchaseHistory {
  const history = new PurchaseHistory();
  for (const purchase of purchases) history.add({ hour: 0, ...purchase });
  return history;
}

describe('the repurchase statistics', () => {
  it('count by customer, in the order of the purchases', () => {
    const at = (seconds: number, id: string, buyer?: string) => ({
      id,
      occurredAt: seconds * second,
      ...(buyer !== undefined && { buyer }),
    });
    const purchases = [
      at(4000, '3', 'ann'),
      at(0, '1', 'ann'),
      at(599, '2', 'ann'),
      at(100, '4', 'bob'),
      at(700, '5', 'bob'),
      at(50, '6', 'eve'),
      at(60, '7'),
    ];
    expect(repurchaseIn(historyOf(purchases))).to.deep.equal({
      transactions: 7,
      withEmail: 6,
      customers: 3,
      repeatCustomers: 2,
      // ann after 599 s and after 3401 s; bob after 600 s, which is not less than 600.
      gaps: { 600: 1, 3600: 3, 86400: 3, 604800: 3, 2592000: 3 },
      // With 600 s: ann at 0 and at 4000, bob twice, eve.
      emailsByCooldown: { 0: 6, 600: 5, 3600: 4, 86400: 3, 604800: 3, 2592000: 3 },
    });
  });

  it('equal those of a simple implementation', () => {
    const purchases = fc.array(
      fc.record({
        id: fc.integer({ min: 0, max: 60 }).map(String),
        buyer: fc.constantFrom('ann', 'bob', 'eve', undefined),
        occurredAt: fc.oneof(
          fc.integer({ min: 0, max: 4e9 }),
          fc.integer({ min: 0, max: 20 }).map((n) => n * 600_000),
        ),
      }),
      { maxLength: 60 },
    );
    fc.assert(
      fc.property(purchases, (reported) => {
        const known = reported.map(({ buyer, ...rest }) => ({
          ...rest,
          ...(buyer !== undefined && { buyer }),
        }));
        expect(repurchaseIn(historyOf(known))).to.deep.equal(simply(known));
      }),
    );
  });

  it('count a repeated purchase once', () => {
    const purchase = { id: '1', buyer: 'ann', occurredAt: 0 };
    const history = historyOf([purchase, purchase]);
    expect(history.transactions).to.equal(1);
    expect(history.repetitions).to.equal(1);
  });
});

/** The definition, without optimizations. */
function simply(reported: readonly Omit<Purchase, 'hour'>[]) {
  const purchases = reported.filter(
    ({ id }, index) => reported.findIndex((other) => other.id === id) === index,
  );
  const known = purchases.filter(({ buyer }) => buyer !== undefined);
  const customers = Object.values(Object.groupBy(known, ({ buyer }) => buyer ?? '')).map((mine = []) =>
    mine.map(({ occurredAt }) => occurredAt).toSorted((a, b) => a - b),
  );
  const gaps = customers.flatMap((times) => times.slice(1).map((time, index) => time - (times[index] ?? 0)));
  const emails = (cooldown: number) =>
    customers.reduce((sum, times) => {
      const mailed: number[] = [];
      for (const time of times) {
        const last = mailed.at(-1);
        if (last === undefined || time - last >= cooldown * second) mailed.push(time);
      }
      return sum + mailed.length;
    }, 0);
  return {
    transactions: purchases.length,
    withEmail: known.length,
    customers: customers.length,
    repeatCustomers: customers.filter((times) => times.length > 1).length,
    gaps: Object.fromEntries(spans.map((span) => [span, gaps.filter((gap) => gap < span * second).length])),
    emailsByCooldown: Object.fromEntries([0, ...spans].map((cooldown) => [cooldown, emails(cooldown)])),
  };
}

describe('a file of purchases', () => {
  it('is read line by line, and its bad lines are reported', async () => {
    const bad: BadLine[] = [];
    const lines = [
      transactionMessage(),
      { transactionId: 'x' },
      transactionMessage({ transactionId: 'sale-2', location: { id: 'app' } }),
    ];
    const input = Readable.from([
      Buffer.from(`${lines.map((line) => JSON.stringify(line)).join('\n')}\n\nnonsense\n`),
    ]);
    const purchases = await Array.fromAsync(purchasesInFile(purchaseLines(input), (line) => bad.push(line)));
    expect(purchases.map(({ place, hour, buyer }) => ({ place, hour, buyer }))).to.deep.equal([
      { place: 'Central Station', hour: 13, buyer: 'ann.lee@example.com' },
      { place: 'app', hour: 11, buyer: 'ann.lee@example.com' },
    ]);
    expect(bad.map(({ number, reason }) => [number, reason])).to.deep.equal([
      [2, 'invalid-transaction'],
      [5, 'invalid-json'],
    ]);
  });
});

describe('the local hour', () => {
  for (const [zone, hour] of [
    ['Europe/Madrid', 14],
    ['America/New_York', 8],
    ['Asia/Kolkata', 17],
    ['Not/AZone', 12],
    [undefined, 12],
  ] as const) {
    it(`at noon UTC in May is ${hour} in ${zone ?? 'an unknown time zone'}`, () => {
      expect(hourIn(zone, Date.UTC(2026, 4, 1, 12, 5))).to.equal(hour);
    });
  }
});
