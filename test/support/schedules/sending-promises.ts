import { expect } from 'chai';
import { stageOf } from '../../../functions/src/domain/customer.ts';
import type { SendingPolicy } from '../../../functions/src/domain/email.ts';
import { factsOf, type Attempt, type Fact, type FactOf } from './history.ts';
import { MAX_TRANSACTION_AGE } from './system.ts';

type Handover = FactOf<'handed-over'>;

/** What holds for every email that goes to SendGrid, after any faults. */
export function expectOnlyWantedEmails(history: readonly Fact[], policy: SendingPolicy): void {
  for (const handover of factsOf(history, 'handed-over')) {
    expectSentWithinLease(handover);
    expectNotSuppressed(handover, history, policy);
    expectRightCustomer(handover.attempt);
  }
}

/** After its lease has ended, another run may have taken the email up. */
function expectSentWithinLease({ at, attempt }: Handover): void {
  expect(at, `the time ${attempt.email.emailId} is sent`).to.be.below(attempt.email.dueAt);
}

/** No email goes to a customer who was suppressed at the decision, or has been suppressed for longer than a lease. */
function expectNotSuppressed(
  { at, attempt, place }: Handover & { readonly place: number },
  history: readonly Fact[],
  { lease }: SendingPolicy,
): void {
  const { emailId, customerId } = attempt.email;
  const whenDecided = suppressionAt(attempt.outreachSeen, customerId, history);
  expect(whenDecided, `${emailId}: a suppression at the decision`).to.equal(undefined);
  const whenSent = suppressionAt(place, customerId, history) ?? Infinity;
  expect(whenSent, `${emailId}: the time of a suppression`).to.be.above(at - lease);
}

/** The start of the suppression in force at a place in the history, in epoch ms; undefined when there is none. */
function suppressionAt(place: number, customerId: string, history: readonly Fact[]): number | undefined {
  let since: number | undefined;
  for (const fact of history.slice(0, place)) {
    if (fact.fact === 'suppressed' && fact.customerId === customerId) since ??= fact.at;
    if (fact.fact === 'lifted' && fact.customerId === customerId) since = undefined;
  }
  return since;
}

/** Each recipient is in the outreach group and not engaged, and a first attempt follows a recent purchase. */
function expectRightCustomer({ email, customer, resumed }: Attempt): void {
  if (customer === undefined)
    throw new Error(`${email.emailId} is sent to a customer whom the run has not read.`);
  expect(customer.group, `the group of the recipient of ${email.emailId}`).to.equal('outreach');
  expect(stageOf(customer), `the stage of the recipient of ${email.emailId}`).to.equal(email.stage);
  if (resumed) return;
  const age = email.claimedAt - (customer.lastTransactionAt ?? 0);
  expect(age, `the age of the purchase behind ${email.emailId}`).to.be.at.most(MAX_TRANSACTION_AGE);
}

/**
 * SendGrid accepts an email once. A second time is allowed only where there is a webhook that has not reported the first:
 * not within the grace, and not before the second attempt began.
 */
export function expectNoDuplicates(history: readonly Fact[], policy: SendingPolicy): void {
  const accepted = factsOf(history, 'handed-over').filter((handover) => handover.accepted);
  for (const [index, second] of accepted.entries()) {
    const { emailId } = second.attempt.email;
    for (const first of accepted.slice(0, index)) {
      if (first.attempt.email.emailId !== emailId) continue;
      expect(policy.webhookConfigured, `${emailId} is sent twice without a webhook`).to.equal(true);
      const silence = second.attempt.email.attemptedAt - first.attempt.email.attemptedAt;
      expect(silence, `${emailId} is sent twice, the grace`).to.be.at.least(policy.grace);
      expect(isKnown(emailId, second.attempt.begun, history), `${emailId} is known and sent again`).to.equal(
        false,
      );
    }
  }
}

/** An email that the ledger knows to be accepted is never given up. */
export function expectNothingKnownGivenUp(history: readonly Fact[]): void {
  for (const { emailId, place } of factsOf(history, 'given-up')) {
    expect(isKnown(emailId, place, history), `${emailId} is given up although it was accepted`).to.equal(
      false,
    );
  }
}

function isKnown(emailId: string, place: number, history: readonly Fact[]): boolean {
  return factsOf(history, 'known-accepted').some((known) => known.emailId === emailId && known.place < place);
}
