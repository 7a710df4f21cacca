import { expect } from 'chai';
import { countConversions } from '../../operations/lift/conversions.ts';
import { sumUpEmails } from '../../operations/lift/emails.ts';
import { firestoreForEachTest } from '../support/emulators.ts';
import { day, now } from '../support/transactions.ts';

const period = { from: now - 30 * day, until: now };

describe('measuring the lift', () => {
  const test = firestoreForEachTest();

  const store = (path: string, fields: Record<string, unknown>) => test.firestore.doc(path).set(fields);

  it('counts the customers whose first purchase lies in the period', async () => {
    const first = { group: 'outreach', firstTransactionAt: period.from, email: 'ann@example.com' };
    await store('customers/a', { ...first, signedUpAt: period.from + day });
    await store('customers/b', { ...first, group: 'control', firstTransactionAt: period.until - 1 });
    await store('customers/before', { ...first, firstTransactionAt: period.from - 1 });
    await store('customers/after', { ...first, firstTransactionAt: period.until });
    await store('customers/never-bought', { group: 'outreach', signedUpAt: period.from });

    expect(await countConversions(test.firestore, period, 30 * day, now)).to.deep.equal({
      outreach: { count: 1, total: 1 },
      control: { count: 0, total: 1 },
      signedUpBefore: 0,
      stillOpen: 1,
    });
  });

  it('sums up the emails that were accepted in the period', async () => {
    const email = { template: 'join', contentSource: 'static', status: 'accepted', acceptedAt: period.from };
    await store('emails/a~1', { ...email, heardOfAt: now, delivery: { deliveredAt: now }, convertedAt: now });
    await store('emails/b~1', { ...email, acceptedAt: period.until });
    await store('emails/c~1', { ...email, acceptedAt: period.from - 1 });
    const { acceptedAt, ...claimed } = email;
    await store('emails/d~1', { ...claimed, status: 'claimed', claimedAt: acceptedAt });

    expect(await sumUpEmails(test.firestore, period)).to.deep.equal([
      {
        template: 'join',
        contentSource: 'static',
        accepted: 1,
        heardOf: 1,
        delivered: 1,
        clicked: 0,
        conversions: 1,
      },
    ]);
  });
});
