import { expect } from 'chai';
import fc from 'fast-check';
import { outreachPolicyConfig } from '../../functions/src/config/sending.ts';
import type { Customer } from '../../functions/src/domain/customer.ts';
import { decide, type Outreach } from '../../functions/src/domain/outreach.ts';
import { explanationOf } from '../../operations/customer/explanation.ts';
import type { DecisionInput, WaitingEmail } from '../../operations/customer/reasons.ts';
import { customer, outreachPolicy as policy } from '../support/customers.ts';
import { day, hour, minute, now } from '../support/transactions.ts';

/** One email, two days ago, for the only purchase until then. */
function outreach(changes: Partial<Outreach> = {}): Outreach {
  return {
    emailsSent: 1,
    lastClaimedAt: now - 2 * day,
    lastEmailId: 'x~1',
    transactionsAnswered: 1,
    ...changes,
  };
}

function explained(
  known: Partial<Customer> | undefined,
  done?: Partial<Outreach>,
  { openEmails = [], pause }: Partial<Pick<DecisionInput, 'openEmails' | 'pause'>> = {},
): string[] {
  return explanationOf({
    openEmails,
    pause,
    customer: known && customer(known),
    outreach: done && outreach(done),
    policy,
    now,
  });
}

const noMore = (why: string) => [`No email now: ${why}.`, `No future purchase earns an email: ${why}.`];
const soon = 'The next purchase earns one.';
const afterCooldown = 'The next purchase after 2026-05-06 12:00 UTC earns one.';

describe('explaining a customer', () => {
  for (const [situation, known, done, sentences] of [
    [
      'who is unknown',
      undefined,
      undefined,
      [
        'No email now: no customer has this address.',
        'The next purchase earns one, unless it puts them in the control group.',
      ],
    ],
    [
      'within the cooldown',
      { transactions: 2 },
      {},
      ['No email now: the last one was claimed 2 days ago, and the cooldown is 7 days.', afterCooldown],
    ],
    [
      'whose purchase was answered',
      {},
      {},
      [
        'No email now: the last one answered their first purchase, and they have not bought since.',
        afterCooldown,
      ],
    ],
    [
      'whose purchases were answered long ago',
      { transactions: 3 },
      { transactionsAnswered: 3, lastClaimedAt: now - 30 * day },
      ['No email now: the last one answered their first 3 purchases, and they have not bought since.', soon],
    ],
    [
      'whose purchase is too old',
      { lastTransactionAt: now - 3 * day },
      undefined,
      ['No email now: the last purchase was 3 days ago, and after 2 days a purchase earns none.', soon],
    ],
    [
      'who never bought',
      { transactions: 0, signedUpAt: now },
      { emailsSent: 0, lastClaimedAt: 0, transactionsAnswered: 0 },
      ['No email now: they have never bought.', soon],
    ],
    [
      'who wants a pause',
      { transactions: 2 },
      { pausedUntil: now + 30 * day },
      [
        'No email now: they have paused emails until 2026-05-31 12:00 UTC.',
        'The next purchase after 2026-05-31 12:00 UTC earns one.',
      ],
    ],
    [
      'in the control group',
      { group: 'control' },
      undefined,
      noMore('they are in the control group, which gets no emails'),
    ],
    [
      'who has signed up and become active',
      { signedUpAt: now - day, firstActivityAt: now - hour },
      undefined,
      noMore('they have signed up and become active'),
    ],
    [
      'who has had the maximum of emails',
      { transactions: 9 },
      { emailsSent: 4, lastClaimedAt: now - 20 * day },
      noMore('4 have been claimed, and 4 is the limit'),
    ],
    [
      'who is suppressed for two reasons',
      { transactions: 2 },
      { suppressions: { bounced: now - day, unsubscribed: now } },
      noMore(
        'the mailbox does not exist (2026-04-30 12:00 UTC), and they unsubscribed (2026-05-01 12:00 UTC)',
      ),
    ],
  ] as [string, Partial<Customer> | undefined, Partial<Outreach> | undefined, string[]][]) {
    it(`describes a customer ${situation}`, () => {
      expect(explained(known, done)).to.deep.equal(sentences);
    });
  }

  it('uses the policy of the functions', () => {
    expect(outreachPolicyConfig({})).to.deep.equal(policy);
    expect(
      outreachPolicyConfig({ COOLDOWN: '1d', MAX_EMAILS: '2', MAX_TRANSACTION_AGE: '1h' }),
    ).to.deep.equal({
      cooldown: day,
      maxEmails: 2,
      maxTransactionAge: hour,
    });
  });
  it('says that an email is due', () => {
    const [present] = explained({});
    expect(present).to.match(/^Email 1 of at most 4 is due now, for a transactional customer\./u);
  });

  const deferred = {
    sequence: 1,
    status: 'deferred',
    dueAt: now + minute,
    reason: 'SendGrid answered 503',
  } as const;
  for (const [situation, email, sentence] of [
    [
      'is tried again',
      deferred,
      'Email 1 waits (SendGrid answered 503) and is tried again at 2026-05-01 12:01 UTC.',
    ],
    [
      'is due',
      { ...deferred, dueAt: now },
      'Email 1 waits (SendGrid answered 503) and is tried again with the next run of resumeEmails.',
    ],
    [
      'leaves after a pause',
      { ...deferred, dueAt: now, reason: 'sending-paused' },
      'Email 1 waited for the end of a pause and leaves with the next run of resumeEmails.',
    ],
    [
      'is being sent',
      { sequence: 1, status: 'claimed', dueAt: now + minute },
      'Email 1 is being sent. If that run has died, the email is taken up again at 2026-05-01 12:01 UTC.',
    ],
    [
      'may have been sent',
      { sequence: 1, status: 'unknown', dueAt: now + day, reason: 'interrupted' },
      "Email 1 may have been sent (interrupted). If SendGrid's webhook reports nothing about it, it is decided on again " +
        'at 2026-05-02 12:00 UTC.',
    ],
  ] as [string, WaitingEmail, string][]) {
    it(`says that an email ${situation}`, () => {
      expect(explained({}, {}, { openEmails: [email] })).to.deep.equal([sentence, afterCooldown]);
    });
  }
  it('says that all sending is paused, and that an email waits for its end', () => {
    const pause = { since: now - hour, why: 'complaints' };
    expect(
      explained({}, {}, { openEmails: [{ ...deferred, reason: 'sending-paused' }], pause }),
    ).to.deep.equal([
      'All sending has been paused since 2026-05-01 11:00 UTC (complaints): no email leaves until it is resumed.',
      'Email 1 waits: it leaves when sending is resumed.',
      afterCooldown,
    ]);
  });

  it('knows that a customer was erased, and nothing else about them', () => {
    const erased = {
      emailsSent: 0,
      lastClaimedAt: 0,
      transactionsAnswered: 0,
      suppressions: { erased: now },
    };
    expect(explained(undefined, erased)[1]).to.equal(
      'No future purchase earns an email: they have been erased (2026-05-01 12:00 UTC).',
    );
  });

  const signedUp = { signedUpAt: now - day, lastTransactionAt: now - 20 * day };
  for (const [what, known, done, sentence] of [
    [
      'when they are sent',
      signedUp,
      { emailsSent: 0, lastClaimedAt: 0, firstStepsDueAt: now + 2 * day },
      'They get the first steps at 2026-05-03 12:00 UTC, unless they become active before.',
    ],
    [
      'what they wait for',
      signedUp,
      { firstStepsDueAt: now - minute },
      'The first steps wait until 2026-05-06 12:00 UTC.',
    ],
    [
      'why they are not sent',
      { ...signedUp, group: 'control' },
      { firstStepsDueAt: now },
      'They do not get the first steps: they are in the control group, which gets no emails.',
    ],
  ] as [string, Partial<Customer>, Partial<Outreach>, string][]) {
    it(`says of the first steps ${what}`, () => {
      expect(explained(known, done)[2]).to.equal(sentence);
    });
  }

  it('promises an email exactly when the policy would send one for the next purchase', () => {
    const customers = fc
      .record({
        group: fc.constantFrom('outreach', 'control'),
        transactions: fc.integer({ min: 0, max: 5 }),
        signedUpAt: fc.option(fc.constant(now - day), { nil: undefined }),
        firstActivityAt: fc.option(fc.constant(now - day), { nil: undefined }),
      })
      .map((facts) => customer(JSON.parse(JSON.stringify(facts)) as Partial<Customer>));
    const ledgers = fc.record({
      emailsSent: fc.integer({ min: 0, max: 5 }),
      lastClaimedAt: fc.integer({ min: now - 10 * day, max: now }),
      suppressions: fc.constantFrom({}, { bounced: now }),
      pausedUntil: fc.integer({ min: now - day, max: now + day }),
    });
    fc.assert(
      fc.property(customers, ledgers, (who, done) => {
        const ledger = outreach({ ...done, transactionsAnswered: who.transactions });
        const [, future] = explanationOf({
          customer: who,
          outreach: ledger,
          openEmails: [],
          pause: undefined,
          policy,
          now,
        });
        const buysAgain = { ...who, transactions: who.transactions + 1, lastTransactionAt: now };
        const { action } = decide(buysAgain, ledger, policy, now);
        expect(future === soon).to.equal(action === 'send');
      }),
    );
  });
});
