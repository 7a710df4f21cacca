import { readFile } from 'node:fs/promises';
import { Ajv2020 } from 'ajv/dist/2020.js';
import addFormats from 'ajv-formats';
import { expect } from 'chai';
import { publishedSchemas } from '../../functions/schemas.ts';
import { minorDigits } from '../../functions/src/domain/currency.ts';
import { decodeTransaction } from '../../functions/src/messages/transaction.ts';
import { encoded, now, transactionMessage } from '../support/transactions.ts';

describe('the published contracts', () => {
  for (const [file, text] of Object.entries(publishedSchemas())) {
    it(`${file} is the schema that the functions check (if not, run: npm run schemas)`, async () => {
      expect(await readFile(`docs/schemas/${file}`, 'utf8')).to.equal(text);
    });
  }

  describe('transaction.v1.json', () => {
    const ajv = new Ajv2020({ strict: true });
    addFormats.default(ajv);
    // ajv-formats has no idn-email; the functions check addresses themselves.
    ajv.addFormat('idn-email', true);
    const validate = ajv.compile(JSON.parse(publishedSchemas()['transaction.v1.json'] ?? '') as object);

    for (const occurredAt of [
      '2016-12-31T23:59:60Z',
      '2017-01-01T00:59:60.25+01:00',
      '2026-01-01t00:00:00z',
      '2026-01-01T00:00:00.123456789-12:34',
      '2000-01-01T00:00:00Z',
      '1999-12-31T23:59:59Z',
      '0000-01-01T00:00:00Z',
      '2026-01-01T12:00:60Z',
      '2026-01-01T00:00Z',
      '2026-01-01 00:00:00Z',
      '2026-01-01T00:00:00+0200',
      '2026-02-30T00:00:00Z',
      '2026-13-01T00:00:60Z',
      '2026-01-01T24:00:00Z',
      '2026-01-01T00:00:00',
    ]) {
      it(`says the same about the time ${occurredAt} as the functions`, () => {
        const message = transactionMessage({ occurredAt });
        expect('value' in decodeTransaction(encoded(message), now)).to.equal(validate(message));
      });
    }

    it('names the currencies that the functions accept, among them funds and VED, and no others', () => {
      for (const currency of [
        ...Intl.supportedValuesOf('currency'),
        'VED',
        'CLF',
        'CHE',
        'XXX',
        'XAU',
        'eur',
        'EUX',
      ]) {
        const message = transactionMessage({ total: { amount: 1, currency } });
        const decoded = decodeTransaction(encoded(message), now);
        expect('value' in decoded, currency).to.equal(validate(message));
        expect('value' in decoded, currency).to.equal(minorDigits(currency) !== undefined);
      }
    });

    it('accepts a transaction with an unknown field', () => {
      expect(validate({ ...transactionMessage(), loyaltyPoints: 7 })).to.equal(true);
    });
    for (const [what, changes] of [
      ['without an ID', { transactionId: undefined }],
      ['from an unknown source', { source: 'somewhere' }],
      ['without a UTC offset', { occurredAt: '2026-05-01T13:55:00' }],
      ['with half a cent', { total: { amount: 0.5, currency: 'EUR' } }],
      ['of version 2', { version: 2 }],
    ] as const) {
      it(`rejects a transaction ${what}`, () => {
        expect(validate(JSON.parse(JSON.stringify(transactionMessage(changes))))).to.equal(false);
      });
    }
  });
});
