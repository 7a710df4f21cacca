import { expect } from 'chai';
import fc from 'fast-check';
import { Readable } from 'node:stream';
import { purchaseLines, type PurchaseLine } from '../../operations/publish/purchase-lines.ts';
import { linesOf } from '../../operations/terminal/lines.ts';
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
  texts.map((text, index) => ({ number: index + 1, data: Buffer.from(text) }));

const timesOf = (lines: readonly PurchaseLine[]): unknown[] =>
  lines.map(({ data }) => (JSON.parse(String(data)) as { occurredAt: unknown }).occurredAt);

const linesIn = async (...chunks: (string | Buffer)[]) => {
  const lines = await Array.fromAsync(
    purchaseLines(Readable.from(chunks.map((chunk) => Buffer.from(chunk)))),
  );
  return lines.map(({ number, data }) => ({ number, text: String(data) }));
};

describe('the lines of a file of purchases', () => {
  it('leave out blank lines and keep their numbers', async () => {
    expect(await linesIn('a\n\n  \r\nb\r\n', 'c')).to.deep.equal([
      { number: 1, text: 'a' },
      { number: 4, text: 'b' },
      { number: 5, text: 'c' },
    ]);
  });

  it('end at LF alone: a name may contain every other separator', async () => {
    const name = 'Quinoa\u2028bowl\u2029large\u0085hot\u000bor\u000ccold\rtoday';
    expect(await linesIn(`${name}\n${name}`)).to.deep.equal([
      { number: 1, text: name },
      { number: 2, text: name },
    ]);
  });

  it('may begin with a byte order mark, which belongs to the file and not to its first line', async () => {
    expect(await linesIn('\ufeff{}\n\ufeff{}')).to.deep.equal([
      { number: 1, text: '{}' },
      { number: 2, text: '\ufeff{}' },
    ]);
  });

  it('keep every byte, wherever the file is cut into chunks', async () => {
    const files = fc.array(fc.constantFrom(0x0a, 0x0d, 0x41, 0xe2, 0x80, 0xa8, 0xff), { maxLength: 40 });
    await fc.assert(
      fc.asyncProperty(files, fc.nat(40), async (bytes, at) => {
        const file = Buffer.from(bytes);
        const lines = await Array.fromAsync(
          linesOf(Readable.from([file.subarray(0, at), file.subarray(at)])),
        );
        const expected = file.toString('latin1').split('\n');
        if (expected.at(-1) === '') expected.pop();
        expect(lines.map((line) => line.toString('latin1'))).to.deep.equal(
          expected.map((line) => line.replace(/\r$/u, '')),
        );
      }),
    );
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
    expect(first?.data).to.deep.equal(second?.data);
  });
});
