import { expect } from 'chai';
import { Readable } from 'node:stream';
import { purchaseLines, type PurchaseLine } from '../../operations/publish/purchase-lines.ts';
import { shiftToNow } from '../../local/playback/shift-to-now.ts';

const NOW = Date.parse('2026-06-01T12:00:00Z');
const HOUR = 3_600_000;

const purchase = (occurredAt: unknown, more = {}): string =>
  JSON.stringify({
    transactionId: 't-1',
    source: 'smart-fridge',
    occurredAt,
    total: { amount: 1, currency: 'EUR' },
    ...more,
  });

const numbered = (...texts: string[]): PurchaseLine[] =>
  texts.map((text, index) => ({ number: index + 1, text }));

const timesOf = (lines: readonly PurchaseLine[]): unknown[] =>
  lines.map(({ text }) => (JSON.parse(text) as { occurredAt: unknown }).occurredAt);

describe('the lines of a file of purchases', () => {
  it('leave out blank lines and keep their numbers', async () => {
    const lines: PurchaseLine[] = [];
    for await (const line of purchaseLines(Readable.from(['a\n\n  \r\nb\r\n', 'c']))) lines.push(line);
    expect(lines).to.deep.equal([
      { number: 1, text: 'a' },
      { number: 4, text: 'b' },
      { number: 5, text: 'c' },
    ]);
  });
});

describe('moving purchases to now', () => {
  it('moves the newest to now and keeps the distances', () => {
    const lines = numbered(purchase('2024-01-01T10:00:00Z'), purchase('2024-01-01T13:00:00Z'));
    expect(timesOf(shiftToNow(lines, NOW))).to.deep.equal([
      new Date(NOW - 3 * HOUR).toISOString(),
      new Date(NOW).toISOString(),
    ]);
  });

  it('keeps the offset of each time', () => {
    const [time] = timesOf(shiftToNow(numbered(purchase('2024-01-01T10:00:00-05:30')), NOW));
    expect(time).to.equal('2026-06-01T06:30:00.000-05:30');
    expect(Date.parse(String(time))).to.equal(NOW);
  });

  it('also moves bad lines that have a time, and leaves the others unchanged', () => {
    const bad = purchase('2024-01-01T12:00:00Z', { total: undefined });
    const untouchable = [
      '{"torn',
      '[1]',
      '7',
      'null',
      purchase(5),
      purchase('yesterday'),
      purchase('2024-01-01'),
    ];
    const lines = numbered(purchase('2024-01-01T13:00:00Z'), bad, ...untouchable);
    const shifted = shiftToNow(lines, NOW);
    expect(timesOf(shifted.slice(1, 2))).to.deep.equal([new Date(NOW - HOUR).toISOString()]);
    expect(shifted.slice(2)).to.deep.equal(lines.slice(2));
  });

  it('does not treat a purchase from the future as the newest one', () => {
    const lines = numbered(purchase('2099-01-01T00:00:00Z'), purchase('2024-01-01T13:00:00Z'));
    const [future, newest] = timesOf(shiftToNow(lines, NOW));
    expect(newest).to.equal(new Date(NOW).toISOString());
    expect(Date.parse(String(future))).to.be.greaterThan(NOW + HOUR);
  });

  it('moves a file that is entirely in the future back to now', () => {
    const lines = numbered(purchase('2099-01-01T00:00:00Z'), purchase('2099-01-01T01:00:00Z'));
    expect(timesOf(shiftToNow(lines, NOW)).at(-1)).to.equal(new Date(NOW).toISOString());
  });

  it('keeps two copies of a line the same', () => {
    const copy = purchase('2024-01-01T10:00:00+02:00');
    const [first, second] = shiftToNow(numbered(copy, copy), NOW);
    expect(first?.text).to.equal(second?.text);
  });
});
