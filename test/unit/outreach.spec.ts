import { expect } from 'chai';
import fc from 'fast-check';
import type { Customer } from '../../functions/src/domain/customer.ts';
import {
  decide,
  reasonInCustomer,
  type Outreach,
  type Send,
  type SkipReason,
} from '../../functions/src/domain/outreach.ts';
import { customer, outreachPolicy as policy } from '../support/customers.ts';
import { day, hour, minute, now } from '../support/transactions.ts';

/** One email, ten days ago, for the only purchase until then. */
function outreach(changes: Partial<Outreach> = {}): Outreach {
  return {
    emailsSent: 1,
    lastClaimedAt: now - 10 * day,
    lastEmailId: 'x~1',
    transactionsAnswered: 1,
    ...changes,
  };
}

/** Decides about a customer and their outreach, and checks the decision. */
function given(known: Partial<Customer>, done?: Partial<Outreach>) {
  const decision = decide(customer(known), done && outreach(done), policy, now);
  return {
    sends: (expected: Pick<Send, 'stage' | 'sequence'>) => {
      const { transactions: transactionsAnswered, latestTransaction } = customer(known);
      const recipient = { address: 'ann.lee@example.com', locale: 'en', latestTransaction };
      expect(decision).to.deep.equal({ action: 'send', transactionsAnswered, recipient, ...expected });
    },
    skips: (reason: SkipReason) => expect(decision).to.deep.equal({ action: 'skip', reason }),
  };
}

describe('the decision to email a customer', () => {
  it('is to send after a first purchase', () => {
    given({}).sends({ stage: 'transactional', sequence: 1 });
  });
  it('is to send the first steps after a sign-up', () => {
    given({ signedUpAt: now - day }).sends({ stage: 'registered', sequence: 1 });
  });
  it('is to send the next email after a purchase that follows the cooldown', () => {
    given({ transactions: 2 }, {}).sends({ stage: 'transactional', sequence: 2 });
  });
  it('is to send to a customer with activity and without a sign-up', () => {
    given({ firstActivityAt: now - day }).sends({ stage: 'transactional', sequence: 1 });
  });

  it('is to skip a customer without an address', () => {
    const { email, ...withoutAddress } = customer();
    expect(decide(withoutAddress, undefined, policy, now)).to.deep.equal({
      action: 'skip',
      reason: 'no-email',
    });
  });
  it('is to skip an erased customer who buys again', () => {
    const erased = {
      emailsSent: 0,
      lastClaimedAt: 0,
      transactionsAnswered: 0,
      suppressions: { erased: now - day },
    };
    given({}, erased).skips('suppressed');
  });
  it('is to skip an engaged customer', () => {
    given({ signedUpAt: now - day, firstActivityAt: now - hour }).skips('engaged');
  });
  it('is to skip the control group', () => {
    given({ group: 'control' }).skips('control-group');
  });
  it('is to skip a customer who never bought', () => {
    const { lastTransactionAt, ...neverBought } = customer({ transactions: 0, signedUpAt: now - day });
    expect(decide(neverBought, undefined, policy, now)).to.have.property('reason', 'no-new-transaction');
  });
  it('is to skip a purchase older than the policy allows', () => {
    given({ lastTransactionAt: now - 48 * hour - 1 }).skips('stale-transaction');
    given({ lastTransactionAt: now - 48 * hour }).sends({ stage: 'transactional', sequence: 1 });
  });
  it('is to skip a suppressed customer, even before any email', () => {
    const suppressions = { unsubscribed: now - day };
    given({ transactions: 2 }, { suppressions }).skips('suppressed');
    given({}, { emailsSent: 0, lastClaimedAt: 0, transactionsAnswered: 0, suppressions }).skips('suppressed');
    given({ transactions: 2 }, { suppressions: {} }).sends({ stage: 'transactional', sequence: 2 });
  });
  it('is to skip a customer until the end of their pause', () => {
    given({ transactions: 2 }, { pausedUntil: now + 1 }).skips('suppressed');
    given({ transactions: 2 }, { pausedUntil: now }).sends({ stage: 'transactional', sequence: 2 });
  });
  it('is to skip a purchase that an earlier email has answered', () => {
    given({ transactions: 1 }, { transactionsAnswered: 1 }).skips('no-new-transaction');
    given({ transactions: 1 }, { transactionsAnswered: 3 }).skips('no-new-transaction');
  });
  it('is to skip within the cooldown, to the millisecond', () => {
    given({ transactions: 2 }, { lastClaimedAt: now - 7 * day + 1 }).skips('cooldown');
    given({ transactions: 2 }, { lastClaimedAt: now - 7 * day }).sends({
      stage: 'transactional',
      sequence: 2,
    });
  });
  it('is to skip a customer who has had the maximum of emails', () => {
    given({ transactions: 9 }, { emailsSent: 4 }).skips('cap-reached');
    given({ transactions: 9 }, { emailsSent: 3 }).sends({ stage: 'transactional', sequence: 4 });
  });
});

describe('any decision', () => {
  const instant = fc.integer({ min: now - 30 * day, max: now + hour });
  const customers = fc
    .record({
      group: fc.constantFrom('outreach', 'control'),
      transactions: fc.integer({ min: 1, max: 6 }),
      lastTransactionAt: instant,
      signedUpAt: fc.option(instant, { nil: undefined }),
      firstActivityAt: fc.option(instant, { nil: undefined }),
    })
    .map((facts) => customer(JSON.parse(JSON.stringify(facts)) as Partial<Customer>));
  const outreaches = fc.option(
    fc.record({
      emailsSent: fc.integer({ min: 0, max: 5 }),
      lastClaimedAt: instant,
      transactionsAnswered: fc.integer({ min: 0, max: 6 }),
      suppressed: fc.boolean(),
    }),
    { nil: undefined },
  );
  const outreachFrom = ({
    suppressed,
    ...rest
  }: Omit<Outreach, 'suppressions' | 'lastEmailId'> & { suppressed: boolean }) =>
    outreach({ ...rest, ...(suppressed && { suppressions: { bounced: now } }) });

  it('to send meets every condition of the policy', () => {
    fc.assert(
      fc.property(customers, outreaches, (who, done) => {
        const before = done && outreachFrom(done);
        const decision = decide(who, before, policy, now);
        if (decision.action === 'skip') return;
        expect(who.group).to.equal('outreach');
        expect(now - (who.lastTransactionAt ?? 0)).to.be.at.most(policy.maxTransactionAge);
        expect(decision.sequence).to.equal((before?.emailsSent ?? 0) + 1);
        expect(decision.sequence).to.be.at.most(policy.maxEmails);
        expect(before?.suppressions).to.equal(undefined);
        expect(who.transactions).to.be.greaterThan(before?.transactionsAnswered ?? 0);
        if (before) expect(now - before.lastClaimedAt).to.be.at.least(policy.cooldown);
      }),
    );
  });

  it('that depends on the customer alone is the same with any outreach', () => {
    fc.assert(
      fc.property(customers, outreaches, (who, done) => {
        const reason = reasonInCustomer(who, policy, now);
        if (reason === undefined) return;
        expect(decide(who, done && outreachFrom(done), policy, now)).to.deep.equal({
          action: 'skip',
          reason,
        });
      }),
    );
  });

  it('to skip stays the same after more emails', () => {
    fc.assert(
      fc.property(customers, outreaches, fc.integer({ min: 1, max: 3 }), (who, done, more) => {
        if (done === undefined || decide(who, outreachFrom(done), policy, now).action === 'send') return;
        const later = { ...done, emailsSent: done.emailsSent + more, lastClaimedAt: now - minute };
        expect(decide(who, outreachFrom(later), policy, now).action).to.equal('skip');
      }),
    );
  });
});
