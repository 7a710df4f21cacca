import { readFile } from 'node:fs/promises';
import { Ajv2020 } from 'ajv/dist/2020.js';
import addFormats from 'ajv-formats';
import { expect } from 'chai';
import { publishedSchemas } from '../../functions/schemas.ts';
import { transactionMessage } from '../support/transactions.ts';

describe('the published contracts', () => {
  for (const [file, text] of Object.entries(publishedSchemas())) {
    it(`${file} is what the functions check (else run: npm run schemas)`, async () => {
      expect(await readFile(`docs/schemas/${file}`, 'utf8')).to.equal(text);
    });
  }

  describe('transaction.v1.json', () => {
    const ajv = new Ajv2020({ strict: true });
    addFormats.default(ajv);
    // ajv-formats has no idn-email: an address is checked in its own words, by the functions.
    ajv.addFormat('idn-email', true);
    const validate = ajv.compile(JSON.parse(publishedSchemas()['transaction.v1.json'] ?? '') as object);

    it('lets a transaction pass, with more in it than it knows', () => {
      expect(validate({ ...transactionMessage(), loyaltyPoints: 7 })).to.equal(true);
    });
    for (const [what, changes] of [
      ['without an ID', { transactionId: undefined }],
      ['from nowhere', { source: 'somewhere' }],
      ['without offset', { occurredAt: '2026-05-01T13:55:00' }],
      ['with half a cent', { total: { amount: 0.5, currency: 'EUR' } }],
      ['of the future version 2', { version: 2 }],
    ] as const) {
      it(`stops a transaction ${what}`, () => {
        expect(validate(JSON.parse(JSON.stringify(transactionMessage(changes))))).to.equal(false);
      });
    }
  });
});
