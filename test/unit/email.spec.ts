import { expect } from 'chai';
import fc from 'fast-check';
import {
  nextStep,
  stateAfter,
  type SendingPolicy,
  type SendOutcome,
} from '../../functions/src/domain/email.ts';
import { decideLateEmail } from '../../functions/src/domain/outreach.ts';
import { customer, openEmail, sendingPolicy as policy } from '../support/customers.ts';
import { day, hour, minute, now } from '../support/transactions.ts';

describe('an email after an attempt to send it', () => {
  const after = (outcome: SendOutcome, attempts = 1, chance = 1) =>
    stateAfter(outcome, { attempts }, policy, now, chance);

  it('is accepted, and closed', () => {
    const accepted = { status: 'accepted', acceptedAt: now, messageId: 'm' };
    expect(after({ kind: 'accepted', messageId: 'm' })).to.deep.equal(accepted);
  });
  it('is rejected, and closed, when it was refused', () => {
    const rejected = { status: 'rejected', rejectedAt: now, reason: '400' };
    expect(after({ kind: 'refused', reason: '400' })).to.deep.equal(rejected);
  });
  it('waits until the time that SendGrid named when it was not accepted', () => {
    const retryAt = now + 90_000;
    const deferred = { status: 'deferred', dueAt: retryAt, reason: '429' };
    expect(after({ kind: 'not-accepted', reason: '429', retryAt })).to.deep.equal(deferred);
  });
  it('waits twice as long after every attempt, up to a limit', () => {
    const waits = [1, 2, 3, 6, 7, 30].map((attempts) => {
      const state = after({ kind: 'not-accepted', reason: '503' }, attempts);
      return 'dueAt' in state ? state.dueAt - now : 0;
    });
    expect(waits).to.deep.equal([5 * minute, 10 * minute, 20 * minute, 160 * minute, 4 * hour, 4 * hour]);
  });
  it('waits for a random time between half of that and all of it', () => {
    fc.assert(
      fc.property(
        fc.double({ min: 0, max: 1, noNaN: true }),
        fc.integer({ min: 1, max: 40 }),
        (chance, attempts) => {
          const state = after({ kind: 'not-accepted', reason: '503' }, attempts, chance);
          const longest = Math.min(5 * minute * 2 ** (attempts - 1), 4 * hour);
          expect('dueAt' in state ? state.dueAt - now : 0).to.be.within(longest / 2, longest);
        },
      ),
    );
  });
  it('is unknown for as long as the webhook may still report it', () => {
    const unknown = { status: 'unknown', dueAt: now + day, reason: 'timeout' };
    expect(after({ kind: 'ambiguous', reason: 'timeout' })).to.deep.equal(unknown);
  });
});

describe('an open email whose time has come', () => {
  const rejected = (reason: string) => ({
    step: 'settle',
    state: { status: 'rejected', rejectedAt: now, reason },
  });
  const withoutWebhook: SendingPolicy = { ...policy, webhookConfigured: false };

  it('is sent again when SendGrid has certainly not accepted it', () => {
    expect(nextStep(openEmail(), policy, now)).to.deep.equal({ step: 'send' });
    expect(nextStep(openEmail(), withoutWebhook, now)).to.deep.equal({ step: 'send' });
  });
  it('is accepted when the webhook has reported it, in any state', () => {
    for (const status of ['claimed', 'deferred', 'unknown'] as const) {
      const step = nextStep(
        openEmail({ status, heardOfAt: now - minute, attempts: 99 }),
        withoutWebhook,
        now,
      );
      expect(step).to.deep.equal({ step: 'settle', state: { status: 'accepted', acceptedAt: now - minute } });
    }
  });
  it('is unknown after an interrupted attempt, until the grace of the webhook has ended', () => {
    const unknown = { status: 'unknown', dueAt: now - hour + day, reason: 'interrupted' };
    expect(nextStep(openEmail({ status: 'claimed' }), policy, now)).to.deep.equal({
      step: 'settle',
      state: unknown,
    });
  });
  for (const status of ['claimed', 'unknown'] as const) {
    it(`is sent again when it is ${status} and the webhook stayed silent`, () => {
      const email = openEmail({ status, claimedAt: now - day, attemptedAt: now - day });
      expect(nextStep(email, policy, now)).to.deep.equal({ step: 'send' });
      expect(nextStep({ ...email, attemptedAt: now - day + 1 }, policy, now)).to.have.property(
        'step',
        'settle',
      );
    });
    it(`is given up when it is ${status} and there is no webhook`, () => {
      const email = openEmail({ status, claimedAt: now - day, attemptedAt: now - day });
      expect(nextStep(email, withoutWebhook, now)).to.deep.equal(rejected('outcome-unknown'));
    });
  }
  it('is given up after the maximum of attempts', () => {
    expect(nextStep(openEmail({ attempts: 30 }), policy, now)).to.deep.equal(rejected('too-many-attempts'));
    expect(nextStep(openEmail({ attempts: 29 }), policy, now)).to.deep.equal({ step: 'send' });
  });
  it('is given up when it is too late', () => {
    expect(nextStep(openEmail({ claimedAt: now - 3 * day - 1 }), policy, now)).to.deep.equal(
      rejected('too-late'),
    );
    expect(nextStep(openEmail({ claimedAt: now - 3 * day }), policy, now)).to.deep.equal({ step: 'send' });
  });

  it('is never sent again while SendGrid may have it, and never stays open', () => {
    const instant = fc.integer({ min: now - 5 * day, max: now });
    const emails = fc.record({
      status: fc.constantFrom('claimed', 'deferred', 'unknown'),
      claimedAt: instant,
      attempts: fc.integer({ min: 1, max: 40 }),
      sinceClaim: fc.integer({ min: 0, max: 5 * day }),
    });
    fc.assert(
      fc.property(emails, fc.boolean(), ({ sinceClaim, ...facts }, webhookConfigured) => {
        const email = openEmail({ ...facts, attemptedAt: Math.min(facts.claimedAt + sinceClaim, now) });
        const next = nextStep(email, { ...policy, webhookConfigured }, now);
        if (next.step === 'send' && email.status !== 'deferred') {
          expect(webhookConfigured).to.equal(true);
          expect(now - email.attemptedAt).to.be.at.least(policy.grace);
        }
        if (next.step === 'settle' && 'dueAt' in next.state) expect(next.state.dueAt).to.be.above(now);
        const muchLater = nextStep(email, { ...policy, webhookConfigured }, now + 30 * day);
        expect(muchLater).to.have.nested.property('state.status', 'rejected');
      }),
    );
  });
});

describe('an email that is sent some time after its decision', () => {
  const outreach = { emailsSent: 1, lastClaimedAt: now - hour, lastEmailId: 'c~1', transactionsAnswered: 1 };
  const suppressed = { ...outreach, suppressions: { unsubscribed: now } };
  const signedUp = { signedUpAt: now - minute };

  it('is sent when nothing has changed', () => {
    expect(decideLateEmail({ stage: 'transactional' }, customer(), outreach, now))
      .to.include({ action: 'send' })
      .and.nested.include({ 'recipient.address': 'ann.lee@example.com' });
    expect(decideLateEmail({ stage: 'registered' }, customer(signedUp), outreach, now).action).to.equal(
      'send',
    );
  });
  it('is withheld from a customer who is by now erased, suppressed, in the control group, signed up or engaged', () => {
    const { email, ...erased } = customer();
    const withheld = [
      decideLateEmail({ stage: 'transactional' }, undefined, outreach, now),
      decideLateEmail({ stage: 'transactional' }, erased, outreach, now),
      decideLateEmail({ stage: 'transactional' }, customer(), suppressed, now),
      decideLateEmail({ stage: 'transactional' }, customer({ group: 'control' }), outreach, now),
      decideLateEmail({ stage: 'transactional' }, customer(signedUp), outreach, now),
      decideLateEmail(
        { stage: 'registered' },
        customer({ ...signedUp, firstActivityAt: now }),
        outreach,
        now,
      ),
    ];
    expect(withheld.map((decision) => 'reason' in decision && decision.reason)).to.deep.equal([
      'no-email',
      'no-email',
      'suppressed',
      'control-group',
      'signed-up',
      'engaged',
    ]);
  });
});
