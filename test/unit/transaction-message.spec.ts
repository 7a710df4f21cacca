import { expect } from 'chai';
import fc from 'fast-check';
import { decodeTransaction } from '../../functions/src/messages/transaction.ts';
import { encoded, minute, now, transaction, transactionMessage } from '../support/transactions.ts';

describe('the message of a transaction', () => {
  it('becomes a transaction, with the address normalised and the time in epoch milliseconds', () => {
    expect(decodeTransaction(encoded(transactionMessage()), now)).to.deep.equal({
      value: transaction(),
    });
  });

  it('needs no more than an ID, a source, a time and a total', () => {
    const { transactionId, source, occurredAt, total } = transactionMessage();
    const decoded = decodeTransaction(encoded({ transactionId, source, occurredAt, total }), now);
    expect(decoded).to.deep.equal({
      value: {
        transactionId: 'sale-1',
        source: 'smart-fridge',
        occurredAt: now - 5 * minute,
        items: [],
        total: { amount: 890, currency: 'EUR' },
      },
    });
  });

  it('may have unknown fields', () => {
    const message = transactionMessage({ loyaltyPoints: 7, version: 1 });
    expect(decodeTransaction(encoded(message), now)).to.have.property('value');
  });

  it('is a refund when it says so, or when its total is below zero', () => {
    const reversalIn = (changes: Record<string, unknown>) => {
      const decoded = decodeTransaction(encoded(transactionMessage(changes)), now);
      return 'value' in decoded ? decoded.value.reversal : 'invalid';
    };
    expect(reversalIn({ type: 'refund' })).to.equal('refund');
    expect(reversalIn({ total: { amount: -890, currency: 'EUR' } })).to.equal('refund');
    expect(reversalIn({ type: 'void', total: { amount: -890, currency: 'EUR' } })).to.equal('void');
    expect(reversalIn({ type: 'purchase' })).to.equal(undefined);
    expect(reversalIn({ total: { amount: 0, currency: 'EUR' } })).to.equal(undefined);
  });

  it('takes the checkout as the source of an address by default', () => {
    const message = transactionMessage({ customer: { email: 'ann@example.com' } });
    expect(decodeTransaction(encoded(message), now)).to.have.nested.property(
      'value.buyer.emailSource',
      'checkout',
    );
  });

  it('has no buyer without an address, even with a name', () => {
    const message = transactionMessage({ customer: { name: 'Ann Lee' } });
    expect(decodeTransaction(encoded(message), now)).to.not.have.nested.property('value.buyer');
  });

  const faults: [what: string, changes: Record<string, unknown>, detail: RegExp][] = [
    ['no ID', { transactionId: undefined }, /^transactionId: /],
    ['an empty ID', { transactionId: '' }, /^transactionId: /],
    ['an ID of 129 characters', { transactionId: 'x'.repeat(129) }, /^transactionId: /],
    ['an ID with NUL', { transactionId: 'a\0b' }, /^transactionId: must be well-formed/],
    ['an ID with a lone surrogate', { transactionId: '\ud83e' }, /^transactionId: must be well-formed/],
    ['an unknown source', { source: 'vending-machine' }, /^source: /],
    ['a time without offset', { occurredAt: '2026-05-01T13:55:00' }, /^occurredAt: .*RFC 3339/],
    ['a day that does not exist', { occurredAt: '2026-02-30T13:55:00Z' }, /^occurredAt: /],
    ['a time before 2000', { occurredAt: '1999-12-31T23:59:59Z' }, /^occurredAt: .*2000-01-01/],
    ['a time too far ahead', { occurredAt: '2026-05-01T12:05:01Z' }, /^occurredAt: .*future/],
    ['an amount that is not whole', { total: { amount: 8.9, currency: 'EUR' } }, /^total\.amount: /],
    ['an unknown type', { type: 'exchange' }, /^type: /],
    ['an amount as text', { total: { amount: '890', currency: 'EUR' } }, /^total\.amount: /],
    ['a currency in small letters', { total: { amount: 1, currency: 'eur' } }, /^total\.currency: /],
    [
      'a currency that does not exist',
      { total: { amount: 1, currency: 'EUX' } },
      /^total\.currency: .*ISO 4217/,
    ],
    [
      'something other than an address',
      { customer: { email: 'ann.example.com' } },
      /^customer\.email: is not an email/,
    ],
    ['a list as a customer', { customer: [] }, /^customer: /],
  ];
  for (const [what, changes, detail] of faults) {
    it(`is invalid with ${what}, with the field in the description`, () => {
      const decoded = decodeTransaction(encoded(transactionMessage(changes)), now);
      expect(decoded).to.have.nested.property('fault.reason', 'invalid-transaction');
      expect(decoded).to.have.nested.property('fault.details[0]').that.matches(detail);
    });
  }

  const soup = { sku: 'A', name: 'Soup', quantity: 1, unitPrice: 1 };
  const unfit: [what: string, changes: Record<string, unknown>, leftOut: string[]][] = [
    ['an item without its name', { items: [soup, { ...soup, name: '' }] }, ['items[1].name']],
    [
      'an item',
      { items: [soup, { ...soup, quantity: 0 }, { ...soup, name: 7, unitPrice: -1 }] },
      ['items[1]', 'items[2].name', 'items[2]'],
    ],
    ['all items', { items: { 0: soup } }, ['items']],
    ['more items than the contract allows', { items: Array.from({ length: 501 }, () => soup) }, ['items']],
    [
      'many items, of which one is unfit',
      { items: [...Array.from({ length: 501 }, () => soup), null] },
      ['items'],
    ],
    ['the name of the buyer', { customer: { email: 'ann@example.com', name: '\ud83e' } }, ['customer.name']],
    ['the language', { customer: { email: 'ann@example.com', locale: 7 } }, ['customer.locale']],
    ['a place without an ID', { location: { name: 'Central Station' } }, ['location']],
    ['the name of a place', { location: { id: 'till-1', name: ' ' } }, ['location.name']],
    [
      'the time zone of a place',
      { location: { id: 'till-1', timeZone: 'x'.repeat(65) } },
      ['location.timeZone'],
    ],
  ];
  for (const [what, changes, leftOut] of unfit) {
    it(`is recorded without ${what}, when that is unfit`, () => {
      const decoded = decodeTransaction(encoded(transactionMessage(changes)), now);
      expect(decoded).to.have.nested.property('value.leftOut').that.deep.equals(leftOut);
      const { transactionId, occurredAt, total, source } = transaction();
      expect(decoded)
        .to.have.property('value')
        .that.deep.includes({ transactionId, occurredAt, total, source });
    });
  }

  it('keeps what is fit beside what is left out', () => {
    const items = [{ ...soup, name: '' }, soup, null];
    expect(decodeTransaction(encoded(transactionMessage({ items })), now))
      .to.have.nested.property('value.items')
      .that.deep.equals([{ sku: 'A', quantity: 1, unitPrice: 1 }, soup]);
  });

  it('names only the fields that decide when one of them is at fault, too', () => {
    const message = transactionMessage({ source: 'somewhere', items: [null] });
    const decoded = decodeTransaction(encoded(message), now);
    expect(decoded).to.have.nested.property('fault.details').that.has.length(1);
  });

  it('is read whatever its decoration is, at any depth', () => {
    const deep = (levels: number) => JSON.parse(`${'{"":'.repeat(levels)}0${'}'.repeat(levels)}`) as unknown;
    const anything = fc.oneof(
      fc.jsonValue(),
      fc.constant(deep(3000)),
      fc.array(fc.record({ sku: fc.jsonValue(), name: fc.jsonValue(), quantity: fc.jsonValue() })),
    );
    fc.assert(
      fc.property(anything, anything, anything, anything, (name, location, items, unknown) => {
        const customer = { email: 'ann@example.com', name, locale: name };
        const json = JSON.stringify(transactionMessage({ customer, location, items, unknown }));
        expect(decodeTransaction(Buffer.from(json), now)).to.have.nested.property(
          'value.buyer.email',
          'ann@example.com',
        );
      }),
    );
  });

  it('describes the fault of an address once', () => {
    const decoded = decodeTransaction(
      encoded(transactionMessage({ customer: { email: 'no-address' } })),
      now,
    );
    expect(decoded)
      .to.have.nested.property('fault.details')
      .that.deep.equals(['customer.email: is not an email address']);
  });

  it('may have a leap second and lower-case letters in its time, as RFC 3339 allows', () => {
    const timeOf = (occurredAt: string) =>
      decodeTransaction(encoded(transactionMessage({ occurredAt })), now);
    expect(timeOf('2016-12-31T23:59:60Z')).to.have.nested.property(
      'value.occurredAt',
      Date.UTC(2017, 0) - 1000,
    );
    expect(timeOf('2026-01-01t00:00:00z')).to.have.nested.property('value.occurredAt', Date.UTC(2026, 0));
  });

  it('may be five minutes ahead of our clock', () => {
    const message = transactionMessage({ occurredAt: '2026-05-01T12:05:00Z' });
    expect(decodeTransaction(encoded(message), now)).to.have.property('value');
  });

  for (const version of [2, 0, '1', null]) {
    it(`of version ${JSON.stringify(version)} is not supported`, () => {
      const decoded = decodeTransaction(encoded(transactionMessage({ version })), now);
      expect(decoded).to.have.nested.property('fault.reason', 'unsupported-version');
    });
  }

  for (const [what, data] of [
    ['cut off', Buffer.from('{"transactionId": "sal')],
    ['empty', Buffer.alloc(0)],
    ['in Latin-1', Buffer.from('{"name": "Jos\xe9"}', 'latin1')],
    ['in UTF-16', Buffer.from('{}', 'utf16le')],
  ] as const) {
    it(`is not JSON when it is ${what}`, () => {
      expect(decodeTransaction(data, now)).to.have.nested.property('fault.reason', 'invalid-json');
    });
  }

  for (const value of [null, 7, 'sale', [], [[]], true]) {
    it(`is invalid when it is just ${JSON.stringify(value)}`, () => {
      expect(decodeTransaction(encoded(value), now)).to.have.nested.property(
        'fault.reason',
        'invalid-transaction',
      );
    });
  }

  it('never makes the decoder throw, for any bytes', () => {
    fc.assert(
      fc.property(
        fc.oneof(
          fc.uint8Array(),
          fc.json().map((text) => Buffer.from(text)),
        ),
        (data) => {
          const decoded = decodeTransaction(data, now);
          expect('fault' in decoded || 'value' in decoded).to.equal(true);
        },
      ),
    );
  });

  it('does not appear in the description of its faults', () => {
    const secret = 'Zaphod-4711';
    const anywhere = fc.constantFrom(
      'transactionId',
      'source',
      'occurredAt',
      'customer',
      'location',
      'items',
      'total',
    );
    const wrong = fc.constantFrom(
      { [secret]: secret },
      [secret],
      `${secret}\0`,
      { email: secret },
      { amount: secret },
    );
    fc.assert(
      fc.property(anywhere, wrong, (field, value) => {
        const decoded = decodeTransaction(encoded(transactionMessage({ [field]: value })), now);
        expect(JSON.stringify('fault' in decoded ? decoded.fault : {})).to.not.contain(secret);
      }),
    );
  });
});
