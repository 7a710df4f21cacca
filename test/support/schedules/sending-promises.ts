import { expect } from 'chai';
import { stageOf } from '../../../functions/src/domain/customer.ts';
import type { SendingPolicy } from '../../../functions/src/domain/email.ts';
import { hour, second } from '../transactions.ts';
import { factsOf, type Fact, type FactOf } from './history.ts';
import { buyerIds, buyers, controlGroup } from './purchases.ts';
import { isKnown } from './settling-promises.ts';
import { suppressedSince, suppressionAt } from './suppression.ts';
import { MAX_TRANSACTION_AGE } from './system.ts';

type Handover = FactOf<'handed-over'> & { readonly place: number };

/** An instance knows about a pause of all sending after this time at the latest, in ms. */
const SWITCH_CACHE = 30 * second;
/** The longest run of a function, in ms. */
const LONGEST_RUN = hour;

/** What holds for every email that goes to SendGrid, after any faults. */
export function expectOnlyWantedEmails(history: readonly Fact[], policy: SendingPolicy): void {
  for (const handover of factsOf(history, 'handed-over')) {
    expectSentWithinLease(handover);
    expectNotSuppressed(handover, history, policy);
    expectRightCustomer(handover);
    const { at, place, attempt } = handover;
    const paused = pausedFor(at, place, history);
    expect(paused, `${attempt.email.emailId}: the pause`).to.be.below(SWITCH_CACHE + policy.lease);
  }
  expect(factsOf(history, 'sent-unclaimed'), 'emails sent without a claim').to.deep.equal([]);
  for (const { fact, at, email, place } of [
    ...factsOf(history, 'claimed'),
    ...factsOf(history, 'taken-up'),
  ]) {
    if (fact === 'claimed' && email.occasion === undefined) continue;
    expect(pausedFor(at, place, history), `${email.emailId} in a pause`).to.be.at.most(
      LONGEST_RUN + SWITCH_CACHE,
    );
  }
}

/** How long all sending has been paused, in ms; 0 when it is not. */
function pausedFor(at: number, place: number, history: readonly Fact[]): number {
  let since: number | undefined;
  for (const { isPaused, at: switchedAt } of factsOf(history.slice(0, place), 'switched')) {
    since = isPaused ? (since ?? switchedAt) : undefined;
  }
  return since === undefined ? 0 : at - since;
}

/** After its lease has ended, another run may have taken the email up. */
function expectSentWithinLease({ at, attempt }: Handover): void {
  expect(at, `the time ${attempt.email.emailId} is sent`).to.be.below(attempt.email.dueAt);
}

/** No email goes to a customer who was suppressed at the decision, or has been suppressed for longer than a lease. */
function expectNotSuppressed(
  { at, attempt, place }: Handover,
  history: readonly Fact[],
  { lease }: SendingPolicy,
): void {
  const { emailId, customerId } = attempt.email;
  const decided = suppressionAt(attempt.outreachSeen, customerId, history);
  const whenDecided = suppressedSince(decided, attempt.decidedAt);
  expect(whenDecided, `${emailId}: a suppression at the decision`).to.equal(undefined);
  const sent = suppressionAt(place, customerId, history);
  const whenSent = suppressedSince(sent, at) ?? Infinity;
  expect(whenSent, `${emailId}: the time of a suppression`).to.be.above(at - lease);
}

/** Each recipient is in the outreach group and not engaged, and a first attempt follows a recent purchase or a sign-up. */
function expectRightCustomer({ attempt, to }: Handover): void {
  const { email, customer, resumed, afterPurchase } = attempt;
  const { emailId, customerId, stage, occasion, claimedAt } = email;
  if (customer === undefined) expect.fail(`${emailId} is sent to a customer whom the run has not read.`);
  expect(to, `the address of ${emailId}`).to.equal(buyers[buyerIds.indexOf(customerId)]);
  expect(controlGroup, 'the control group').to.not.include(customerId);
  expect(stageOf(customer), `the stage of the recipient of ${emailId}`).to.equal(stage);
  expect(customer.transactions, `the purchases of the recipient of ${emailId}`).to.be.above(0);
  if (occasion === 'sign-up') expect(stage, `the stage of ${emailId}`).to.equal('registered');
  expect(stage, `the stage of ${emailId}`).to.be.oneOf(['transactional', 'registered']);
  if (resumed || occasion === 'sign-up') return;
  expect(afterPurchase, `whether ${emailId} follows a purchase`).to.equal(true);
  const age = claimedAt - (customer.lastTransactionAt ?? 0);
  expect(age, `the age of the purchase behind ${emailId}`).to.be.at.most(MAX_TRANSACTION_AGE);
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
