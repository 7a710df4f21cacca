import { readFileSync } from 'node:fs';
import { expect } from 'chai';
import { customerIdOf } from '../../functions/src/domain/identity.ts';
import { firestoreForEachTest } from '../support/emulators.ts';
import { logForEachTest } from '../support/log.ts';
import { tableBelow } from '../support/markdown-table.ts';
import { publishedMessage } from '../support/messages.ts';
import { transactionRecorder } from '../support/recording.ts';
import { transactionMessage } from '../support/transactions.ts';

const hashKey = 'a key of the tests, long enough to be one';
const annId = customerIdOf('ann.lee@example.com', hashKey);

describe('an unusual purchase', () => {
  const test = firestoreForEachTest();
  const recorded = logForEachTest();

  const record = (changes: Record<string, unknown>, attributes: Record<string, string> = {}) => {
    const message = { ...publishedMessage(transactionMessage(changes)), attributes };
    return transactionRecorder(test.firestore, recorded.log, hashKey)(message);
  };

  const purchases: Readonly<Record<string, () => Promise<void>>> = {
    'is dated before 2000': () => record({ occurredAt: '1970-01-01T00:00:00Z' }),
    'contradicts an earlier one': async () => {
      await record({});
      await record({ total: { amount: 1, currency: 'EUR' } });
    },
    'has an item without a name': () =>
      record({ items: [{ sku: 'QB-1', name: '', quantity: 1, unitPrice: 1 }] }),
    'has a place that is no place': () => record({ location: 'Central Station' }),
    'is a refund': () => record({ type: 'refund' }),
    'has a total below zero': () => record({ total: { amount: -890, currency: 'EUR' } }),
    'is a void': () => record({ type: 'void' }),
    'has a total of zero': () => record({ total: { amount: 0, currency: 'EUR' } }),
    'has attributes with names that Firestore reserves': () => record({}, { '': 'a', __id__: 'b' }),
    'does not fit into the document of its customer': async () => {
      await test.firestore.doc(`customers/${annId}`).set({ rest: 'x'.repeat(1_048_400) });
      await record({});
    },
  };

  const rows = tableBelow('Unusual purchases', readFileSync('docs/operations.md', 'utf8'));

  it('has a test for every row of the table, and a row for every test', () => {
    expect(rows.map((row) => row['A purchase …'])).to.deep.equal(Object.keys(purchases));
  });
  for (const { 'A purchase …': what = '', 'Ends as': end } of rows) {
    it(what, async () => {
      await purchases[what]?.();
      const last = recorded.lines.at(-1);
      const quarantined = last?.['event'] === 'message-quarantined';
      expect(quarantined ? last['reason'] : last?.['event']).to.equal(end);
    });
  }
});
