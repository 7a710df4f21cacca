import { expect } from 'chai';
import fc from 'fast-check';
import { decodeIngestRequest, MAX_ENTRIES } from '../../functions/src/messages/ingest-request.ts';
import { now, transactionMessage } from '../support/transactions.ts';

/** The data to publish or the faults of each entry, or the code of the fault in the whole request. */
function entriesIn(body: string): string[] | string {
  const decoded = decodeIngestRequest(Buffer.from(body), now);
  if ('fault' in decoded) return decoded.fault.code;
  return decoded.entries.map((entry) =>
    'fault' in entry ? entry.fault.details.join('; ') : Buffer.from(entry.data).toString(),
  );
}

const purchase = transactionMessage();

describe('the request of a vendor', () => {
  it('holds one transaction, or several', () => {
    const text = JSON.stringify(purchase);
    expect(entriesIn(` ${text} `)).to.deep.equal([text]);
    expect(entriesIn(`[${text} , ${text}]`)).to.deep.equal([text, text]);
  });

  it('may hold entries that break the contract, which are reported and not published', () => {
    const entries = entriesIn(JSON.stringify([{ ...purchase, source: 'somewhere' }, 7, purchase]));
    expect(entries[0]).to.match(/^source: /u);
    expect(entries[1]).to.match(/^the message: /u);
    expect(entries[2]).to.equal(JSON.stringify(purchase));
  });

  it('keeps unknown fields, and loses the notation of numbers and all but the last of duplicate keys', () => {
    const spelled = JSON.stringify(purchase).replace('{', '{"loyalty": 1.50, "till": 1, "till": 2, ');
    expect(entriesIn(`[${spelled}]`)).to.deep.equal([JSON.stringify({ loyalty: 1.5, till: 2, ...purchase })]);
  });

  it('may hold any JSON in unknown fields', () => {
    const spacing = fc.constantFrom(undefined, 1, '\t', '\r\n ');
    fc.assert(
      fc.property(fc.array(fc.jsonValue(), { minLength: 1, maxLength: 20 }), spacing, (extras, space) => {
        const purchases = extras.map((extra) => ({ ...purchase, extra }));
        expect(entriesIn(JSON.stringify(purchases, null, space))).to.deep.equal(
          purchases.map((each) => JSON.stringify(each)),
        );
      }),
    );
  });

  it('may be nested deeper than the call stack, which is a fault of that entry alone', () => {
    const deep = `${'['.repeat(200_000)}${']'.repeat(200_000)}`;
    const text = JSON.stringify(purchase);
    const entries = entriesIn(`[${deep}, ${text.replace('{', `{"extra": ${deep}, `)}, ${text}]`);
    expect(entries[0]).to.match(/^the message: /u);
    expect(entries[1]).to.equal('the message: is nested too deeply');
    expect(entries[2]).to.equal(text);
  });

  for (const [what, body, code] of [
    ['incomplete JSON', '{"a": ', 'invalid-json'],
    ['empty', '', 'invalid-json'],
    ['a text', '"sale"', 'not-transactions'],
    ['a number', '7', 'not-transactions'],
    ['null', 'null', 'not-transactions'],
    ['an empty list', ' [ ] ', 'no-transactions'],
    ['501 transactions', `[${'{},'.repeat(MAX_ENTRIES)}{}]`, 'too-many-transactions'],
  ] as const) {
    it(`cannot be ${what}`, () => {
      expect(entriesIn(body)).to.equal(code);
    });
  }

  it('must be in UTF-8', () => {
    const decoded = decodeIngestRequest(Buffer.from('["Jos\xe9"]', 'latin1'), now);
    expect(decoded).to.have.nested.property('fault.code', 'invalid-json');
  });

  it('may hold 500 transactions', () => {
    expect(entriesIn(`[${'{},'.repeat(MAX_ENTRIES - 1)}{}]`)).to.have.length(MAX_ENTRIES);
  });
});
