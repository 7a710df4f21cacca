import { expect } from 'chai';
import { currencies, minorDigits } from '../../functions/src/domain/currency.ts';
import fc from 'fast-check';
import { localeFor } from '../../functions/src/domain/content.ts';
import { groupOf, stageOf } from '../../functions/src/domain/customer.ts';
import { customerIdOf, quarantineIdOf, transactionKeyOf } from '../../functions/src/domain/identity.ts';
import { signToken, subjectOf } from '../../functions/src/domain/signed-token.ts';
import { transactionRecord } from '../../functions/src/domain/transaction-record.ts';
import { day, hour, now, transaction } from '../support/transactions.ts';

const hashKey = 'a key of the tests, long enough to be one';

describe('the ID', () => {
  it('of a customer depends on the address and the key, and reveals neither', () => {
    const id = customerIdOf('ann.lee@example.com', hashKey);
    expect(id).to.match(/^[\da-f]{32}$/);
    expect(customerIdOf('ann.lee@example.com', hashKey)).to.equal(id);
    expect(customerIdOf('bob@example.com', hashKey)).to.not.equal(id);
    expect(customerIdOf('ann.lee@example.com', `${hashKey}!`)).to.not.equal(id);
  });

  it('of a transaction differs between sources', () => {
    expect(transactionKeyOf('smart-fridge', '1')).to.not.equal(transactionKeyOf('mobile-app', '1'));
    expect(transactionKeyOf('smart-fridge', '1')).to.match(/^[\da-f]{32}$/);
  });

  it('of a quarantined message is the same for each delivery of it', () => {
    expect(quarantineIdOf('transactions', '7')).to.equal(quarantineIdOf('transactions', '7'));
    expect(quarantineIdOf('transactions', '7')).to.not.equal(quarantineIdOf('engagements', '7'));
  });
});

describe('the record of a transaction', () => {
  const policy = { hashKey, controlGroupShare: 0, transactionRetention: 730 * day };

  it('has the same digest for the same content, and a different one for other content', () => {
    const { digest } = transactionRecord(transaction(), policy, now);
    expect(transactionRecord(transaction(), policy, now + hour).digest).to.equal(digest);
    const { total, ...rest } = transaction();
    expect(transactionRecord({ total, ...rest }, policy, now).digest, 'in another order').to.equal(digest);
    const other = transaction({ total: { amount: total.amount + 1, currency: total.currency } });
    expect(transactionRecord(other, policy, now).digest).to.not.equal(digest);
  });

  it('has no buyer when the source knows no address', () => {
    const { buyer, ...anonymous } = transaction();
    expect(transactionRecord(anonymous, policy, now)).to.not.have.property('buyer');
  });

  it('says when it expires', () => {
    expect(transactionRecord(transaction(), policy, now).expireAt).to.equal(now + 730 * day);
  });
});

describe('the minor unit of a currency', () => {
  it('is that of ISO 4217, and not what is displayed', () => {
    const digits = { EUR: 2, HUF: 2, COP: 2, IDR: 2, IQD: 3, KWD: 3, JPY: 0, ISK: 0, CLF: 4, VED: 2, XCG: 2 };
    for (const [currency, expected] of Object.entries(digits))
      expect(minorDigits(currency), currency).to.equal(expected);
    expect(minorDigits('XAU')).to.equal(undefined);
    expect(currencies).to.have.length(167);
  });
});

describe('the stage of a customer', () => {
  it('follows from sign-up and activity', () => {
    expect(stageOf({})).to.equal('transactional');
    expect(stageOf({ firstActivityAt: now })).to.equal('transactional');
    expect(stageOf({ signedUpAt: now })).to.equal('registered');
    expect(stageOf({ signedUpAt: now, firstActivityAt: now })).to.equal('engaged');
  });
});

describe('the control group', () => {
  const id = fc
    .uint8Array({ minLength: 16, maxLength: 16 })
    .map((bytes) => Buffer.from(bytes).toString('hex'));

  it('is empty at 0, holds every customer at 1, and only grows with its share', () => {
    fc.assert(
      fc.property(
        id,
        fc.double({ min: 0, max: 1, noNaN: true }),
        fc.double({ min: 0, max: 1, noNaN: true }),
        (customerId, a, b) => {
          expect(groupOf(customerId, 0)).to.equal('outreach');
          expect(groupOf(customerId, 1)).to.equal('control');
          if (groupOf(customerId, Math.min(a, b)) === 'control')
            expect(groupOf(customerId, Math.max(a, b))).to.equal('control');
        },
      ),
    );
  });

  it('holds about its share of the customers', () => {
    const members = Array.from({ length: 10_000 }, (_, index) =>
      customerIdOf(`${index}@example.com`, hashKey),
    ).filter((customerId) => groupOf(customerId, 0.1) === 'control');
    // Binomial(10000, 0.1): a standard deviation is 30.
    expect(members.length).to.be.within(850, 1150);
  });
});

describe('the language of an email', () => {
  for (const [tag, locale] of [
    ['es', 'es'],
    ['es-MX', 'es'],
    ['ES_es', 'es'],
    ['en-GB', 'en'],
    ['fr-FR', 'en'],
    ['est', 'en'],
    ['', 'en'],
    [undefined, 'en'],
  ] as const) {
    it(`for ${tag ?? 'no tag'} is ${locale}`, () => {
      expect(localeFor(tag)).to.equal(locale);
    });
  }
});

describe('a signed token', () => {
  it('gives its subject to a holder of its key', () => {
    const token = signToken('unsubscribe', 'abc', hashKey);
    expect(subjectOf('unsubscribe', token, ['another key', hashKey])).to.equal('abc');
    expect(subjectOf('unsubscribe', token, ['another key'])).to.equal(undefined);
  });
  it('is invalid after any change', () => {
    const token = signToken('unsubscribe', 'abc', hashKey);
    fc.assert(
      fc.property(fc.nat(token.length - 1), fc.constantFrom('', 'A', '.', '-'), (at, put) => {
        const changed = token.slice(0, at) + put + token.slice(at + 1);
        if (changed !== token) expect(subjectOf('unsubscribe', changed, [hashKey])).to.equal(undefined);
      }),
    );
  });
  it('is safe in a URL', () => {
    const token = signToken('unsubscribe', customerIdOf('ann@example.com', hashKey), hashKey);
    expect(encodeURIComponent(token)).to.equal(token);
  });
});
