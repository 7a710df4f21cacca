import { readFile } from 'node:fs/promises';
import { Ajv2020 } from 'ajv/dist/2020.js';
import addFormats from 'ajv-formats';
import { expect } from 'chai';
import { publishedSchemas } from '../../functions/schemas.ts';
import { transactionMessage } from '../support/transactions.ts';

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
