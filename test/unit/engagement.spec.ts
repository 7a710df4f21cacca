import { expect } from 'chai';
import fc from 'fast-check';
import { creditedEmail, type AttributableEmail } from '../../functions/src/domain/attribution.ts';
import { decideFirstSteps, type Outreach } from '../../functions/src/domain/outreach.ts';
import type { Customer } from '../../functions/src/domain/customer.ts';
import { decodeEngagement } from '../../functions/src/messages/engagement.ts';
import { customer } from '../support/customers.ts';
import { day, encoded, hour, minute, now } from '../support/transactions.ts';

describe('the message of an engagement', () => {
  const message = (changes: Record<string, unknown> = {}) =>
    encoded({
      eventId: 'event-1',
      type: 'signed-up',
      occurredAt: '2026-05-01T11:00:00Z',
      customer: { email: ' Ann.Lee@example.com' },
      ...changes,
    });

  it('becomes an engagement, with the address normalised and the time in epoch milliseconds', () => {
    expect(decodeEngagement(message({ screen: 'home' }), now)).to.deep.equal({
      value: {
        eventId: 'event-1',
        type: 'signed-up',
        occurredAt: now - hour,
        email: 'ann.lee@example.com',
      },
    });
  });

  for (const [what, changes, reason, detail] of [
    ['of an unknown type', { type: 'left' }, 'invalid-engagement', /^type: /],
    ['without an event ID', { eventId: '' }, 'invalid-engagement', /^eventId: /],
    ['without an address', { customer: {} }, 'invalid-engagement', /^customer\.email: /],
    [
      'from the future',
      { occurredAt: '2026-05-01T12:06:00Z' },
      'invalid-engagement',
      /^occurredAt: .*future/,
    ],
    ['of version 2', { version: 2 }, 'unsupported-version', /^version: /],
  ] as const) {
    it(`is invalid ${what}, with the field in the description`, () => {
      const decoded = decodeEngagement(message(changes), now);
      expect(decoded).to.have.nested.property('fault.reason', reason);
      expect(decoded).to.have.nested.property('fault.details[0]').that.matches(detail);
    });
  }
});

describe('the email that a sign-up is credited to', () => {
  const window = 30 * day;
  const email = (emailId: string, daysAgo: number, clickedDaysAgo?: number): AttributableEmail => ({
    emailId,
    acceptedAt: now - daysAgo * day,
    ...(clickedDaysAgo !== undefined && { clickedAt: now - clickedDaysAgo * day }),
  });

  it('is the last one accepted before it', () => {
    expect(creditedEmail([email('b', 3), email('a', 20), email('c', -1)], now, window)).to.equal('b');
  });
  it('is the last one that was clicked, if there is one', () => {
    const emails = [email('a', 20, 19), email('b', 10, 9), email('c', 3), email('d', 2, -1)];
    expect(creditedEmail(emails, now, window)).to.equal('b');
  });
  it('is not older than the window, to the millisecond', () => {
    expect(creditedEmail([email('a', 30)], now, window)).to.equal('a');
    expect(creditedEmail([email('a', 30)], now + 1, window)).to.equal(undefined);
  });
  it('is never one that was not accepted', () => {
    expect(creditedEmail([{ emailId: 'a' }], now, window)).to.equal(undefined);
    expect(creditedEmail([], now, window)).to.equal(undefined);
  });
  it('does not depend on the order of the emails', () => {
    const emails = fc.uniqueArray(
      fc.record({
        daysAgo: fc.integer({ min: -5, max: 40 }),
        clicked: fc.option(fc.integer({ min: -5, max: 40 })),
      }),
      { maxLength: 4, selector: ({ daysAgo }) => daysAgo },
    );
    fc.assert(
      fc.property(
        emails.map((all) =>
          all.map(({ daysAgo, clicked }) => email(`${daysAgo}`, daysAgo, clicked ?? undefined)),
        ),
        (all) => {
          expect(creditedEmail(all.toReversed(), now, window)).to.equal(creditedEmail(all, now, window));
        },
      ),
    );
  });
});

describe('the first steps, some days after a sign-up', () => {
  const policy = { cooldown: 7 * day, maxEmails: 4 };
  const noEmailYet: Outreach = { emailsSent: 0, lastClaimedAt: 0, lastEmailId: '', transactionsAnswered: 0 };
  const decideFor = (known: Partial<Customer>, done: Partial<Outreach> = {}) =>
    decideFirstSteps(
      customer({ signedUpAt: now - 3 * day, ...known }),
      { ...noEmailYet, ...done },
      policy,
      now,
    );

  it('are due to a customer who bought, signed up and has done nothing since, after any time', () => {
    const send = { action: 'send', stage: 'registered', sequence: 1 };
    expect(decideFor({ lastTransactionAt: now - 60 * day })).to.deep.include(send);
    expect(decideFor({}, { emailsSent: 2, lastClaimedAt: now - 8 * day })).to.deep.include({
      ...send,
      sequence: 3,
    });
  });
  it('wait for the cooldown and for a pause to end', () => {
    const cooling = { emailsSent: 1, lastClaimedAt: now - day };
    expect(decideFor({}, cooling)).to.deep.equal({ action: 'postpone', until: now + 6 * day });
    const paused = { ...cooling, pausedUntil: now + 20 * day };
    expect(decideFor({}, paused)).to.deep.equal({ action: 'postpone', until: now + 20 * day });
  });
  for (const [reason, known, done] of [
    ['engaged', { firstActivityAt: now - minute }, {}],
    ['control-group', { group: 'control' }, {}],
    ['never-bought', { transactions: 0 }, {}],
    ['suppressed', {}, { suppressions: { bounced: now } }],
    ['cap-reached', {}, { emailsSent: 4 }],
    ['already-shown', {}, { firstStepsClaimedAt: now - day }],
  ] as const) {
    it(`are not sent: ${reason}`, () => {
      expect(decideFor(known, done)).to.deep.equal({ action: 'skip', reason });
    });
  }
  it('are not sent to an erased customer', () => {
    expect(decideFirstSteps(undefined, noEmailYet, policy, now)).to.deep.equal({
      action: 'skip',
      reason: 'no-email',
    });
  });
});
