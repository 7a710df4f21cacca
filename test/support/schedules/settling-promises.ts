import { expect } from 'chai';
import type { SendingPolicy } from '../../../functions/src/domain/email.ts';
import { hour } from '../transactions.ts';
import type { Stored } from './final-state.ts';
import { factsOf, type Fact, type FactOf, type StoredEmail } from './history.ts';

type Settled = FactOf<'settled'> & { readonly place: number };

/** What the ledger promises about each change of an email: leases, back-offs, grace, and a good reason to give it up. */
export function expectSettledAsDue(history: readonly Fact[], stored: Stored, policy: SendingPolicy): void {
  for (const { email, at } of [...factsOf(history, 'claimed'), ...factsOf(history, 'taken-up')]) {
    expect(email.attempts, `the attempts of ${email.emailId}`).to.be.at.most(policy.maxAttempts);
    const late = email.attemptedAt - email.claimedAt;
    expect(late, `how late ${email.emailId} is`).to.be.at.most(policy.giveUpAfter);
    expect(email.dueAt, `the lease of ${email.emailId}`).to.equal(email.attemptedAt + policy.lease);
    expect(email.attemptedAt, `the attempt of ${email.emailId}`).to.be.at.most(at);
  }
  for (const [place, fact] of history.entries()) {
    if (fact.fact === 'taken-up') expectTakenUpWhenDue(fact.email, place, history, policy);
    if (fact.fact === 'settled') expectSettled({ ...fact, place }, history, stored, policy);
  }
}

/** An email that SendGrid may have accepted is sent again only after the grace of a webhook that says nothing. */
function expectTakenUpWhenDue(
  email: StoredEmail,
  place: number,
  history: readonly Fact[],
  policy: SendingPolicy,
): void {
  const { emailId } = email;
  const before = stateBefore(emailId, place, history);
  expect(email.attempts, `the attempts of ${emailId}`).to.equal(before.attempts + 1);
  expect(email.attemptedAt, `when ${emailId} is due`).to.be.at.least(before.dueAt);
  expect(isKnown(emailId, place, history), `${emailId} is taken up although it was accepted`).to.equal(false);
  if (before.status === 'deferred') return;
  expect(policy.webhookConfigured, `${emailId} is taken up without a webhook`).to.equal(true);
  expect(email.attemptedAt - before.attemptedAt, `the grace of ${emailId}`).to.be.at.least(policy.grace);
}

function stateBefore(emailId: string, place: number, history: readonly Fact[]): StoredEmail {
  for (const fact of history.slice(0, place).reverse()) {
    if ((fact.fact === 'claimed' || fact.fact === 'taken-up') && fact.email.emailId === emailId)
      return fact.email;
    if (fact.fact === 'settled' && fact.after.emailId === emailId) return fact.after;
  }
  throw new Error(`${emailId} is taken up, but was never claimed.`);
}

function expectSettled(
  settled: Settled,
  history: readonly Fact[],
  stored: Stored,
  policy: SendingPolicy,
): void {
  const { after, at } = settled;
  const { emailId, attempts, attemptedAt, dueAt } = after;
  switch (after.status) {
    case 'claimed':
      return expect.fail(`${emailId} is claimed without an attempt.`);
    case 'accepted':
      return expectAccepted(emailId, settled.place, history);
    case 'rejected':
      return expectGoodReason(settled, history, stored, policy);
    case 'unknown':
      expect(dueAt, `the grace of ${emailId}`).to.be.within(attemptedAt + policy.grace, at + policy.grace);
      return;
    case 'deferred': {
      const { firstBackoff, longestBackoff } = policy;
      const longest =
        after['reason'] === 'rate-limiting'
          ? hour
          : Math.min(firstBackoff * 2 ** (attempts - 1), longestBackoff);
      const shortest = after['reason'] === 'rate-limiting' ? hour : longest / 2;
      expect(dueAt, `the back-off of ${emailId}`).to.be.within(attemptedAt + shortest, at + longest);
    }
  }
}

function expectAccepted(emailId: string, place: number, history: readonly Fact[]): void {
  const accepted = factsOf(history.slice(0, place), 'handed-over').filter((handover) => handover.accepted);
  const emailIds = accepted.map(({ attempt }) => attempt.email.emailId);
  expect(emailIds, 'the emails that SendGrid has accepted').to.include(emailId);
}

/** An email that the ledger knows to be accepted is never given up, and any other for a reason that applies. */
function expectGoodReason(
  { before, after, at, place }: Settled,
  history: readonly Fact[],
  stored: Stored,
  policy: SendingPolicy,
): void {
  const { emailId, customerId, claimedAt } = after;
  const handovers = factsOf(history.slice(0, place), 'handed-over').filter(
    ({ attempt }) => attempt.email.emailId === emailId,
  );
  const customer = stored.customers.get(customerId);
  const suppresses = (fact: Fact) =>
    (fact.fact === 'choosing' || fact.fact === 'complaining') && fact.customerId === customerId;
  const reasons: Readonly<Record<string, boolean>> = {
    refusing: handovers.some(({ mode }) => mode === 'refusing'),
    'outcome-unknown': !policy.webhookConfigured && before.status !== 'deferred',
    'too-many-attempts': before.attempts >= policy.maxAttempts,
    'too-late': at - claimedAt > policy.giveUpAfter,
    suppressed: history.slice(0, place).some(suppresses),
    'signed-up': before.stage === 'transactional' && customer?.['signedUpAt'] !== undefined,
    engaged: customer?.['signedUpAt'] !== undefined && customer['firstActivityAt'] !== undefined,
  };
  const reason = after['reason'] as string;
  expect(reasons[reason], `whether the reason ${reason} applies to ${emailId}`).to.equal(true);
  if (reason === 'refusing') return;
  expect(isKnown(emailId, place, history), `${emailId} is given up although it was accepted`).to.equal(false);
}

/** Whether the ledger knew at that place in the history that SendGrid has accepted an email. */
export function isKnown(emailId: string, place: number, history: readonly Fact[]): boolean {
  return history.slice(0, place).some((fact) => fact.fact === 'known-accepted' && fact.emailId === emailId);
}
