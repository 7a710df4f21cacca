import { expect } from 'chai';
import fc from 'fast-check';
import { decodeIngestRequest, MAX_ENTRIES } from '../../functions/src/messages/ingest-request.ts';

function entriesIn(body: string): string[] | string {
  const decoded = decodeIngestRequest(Buffer.from(body));
  return 'fault' in decoded ? decoded.fault.code : decoded.entries.map(String);
}

describe('a request of a vendor', () => {
  it('holds one transaction, or several', () => {
    expect(entriesIn(' {"a": 1} ')).to.deep.equal([' {"a": 1} ']);
    expect(entriesIn('[{"a": 1}, 7 ,"x"]')).to.deep.equal(['{"a": 1}', ' 7 ', '"x"']);
  });

  it('keeps each one as the vendor wrote it, to the last digit', () => {
    const entry = '{ "total": 1.50, "big": 12345678901234567890, "\\u0061": "\\ud83e", "a": 1, "a": 2 }';
    expect(entriesIn(`[${entry},${entry}]`)).to.deep.equal([entry, entry]);
  });

  it('may hold brackets, commas and quotes wherever a text can', () => {
    const hostile = fc.array(fc.jsonValue(), { minLength: 1, maxLength: 20 });
    const spacing = fc.constantFrom(undefined, 1, '\t', '\r\n ');
    fc.assert(
      fc.property(hostile, spacing, (list, space) => {
        const entries = entriesIn(JSON.stringify(list, null, space)) as string[];
        expect(entries.map((entry) => JSON.stringify(JSON.parse(entry)))).to.deep.equal(
          list.map((value) => JSON.stringify(value)),
        );
      }),
    );
    const nasty = JSON.stringify('\\"],[{"\\');
    expect(entriesIn(`[${nasty},[${nasty}]]`)).to.deep.equal([nasty, `[${nasty}]`]);
  });

  it('may be nested deeper than any stack', () => {
    const deep = `${'['.repeat(200_000)}${']'.repeat(200_000)}`;
    expect(entriesIn(`[${deep},"${'\\"'.repeat(250_000)}"]`)).to.have.length(2);
  });

  for (const [what, body, code] of [
    ['no JSON', '{"a": ', 'invalid-json'],
    ['nothing', '', 'invalid-json'],
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

  it('cannot be in another encoding than UTF-8', () => {
    const decoded = decodeIngestRequest(Buffer.from('["Jos\xe9"]', 'latin1'));
    expect(decoded).to.have.nested.property('fault.code', 'invalid-json');
  });

  it('may hold 500 transactions', () => {
    expect(entriesIn(`[${'{},'.repeat(MAX_ENTRIES - 1)}{}]`)).to.have.length(MAX_ENTRIES);
  });
});
