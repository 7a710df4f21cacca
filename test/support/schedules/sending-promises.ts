import { expect } from 'chai';
import { stageOf } from '../../../functions/src/domain/customer.ts';
import type { SendingPolicy } from '../../../functions/src/domain/email.ts';
import { factsOf, type Attempt, type Fact, type FactOf } from './history.ts';
import { MAX_TRANSACTION_AGE } from './system.ts';

type Handover = FactOf<'handed-over'>;

/** What is promised of every email that goes to SendGrid, whatever has happened. */
export function expectOnlyWantedEmails(history: readonly Fact[], delivery: SendingPolicy): void {
  for (const handover of factsOf(history, 'handed-over')) {
    expectSentWithinLease(handover);
    expectNotSuppressed(handover, history, delivery);
    expectRightCustomer(handover.attempt);
  }
}

/** Whoever has lost the lease may have been replaced. */
function expectSentWithinLease({ at, attempt }: Handover): void {
  expect(at, `the time ${attempt.email.emailId} is sent`).to.be.below(attempt.email.dueAt);
}

/** Nobody is written to who was suppressed when the decision was made, or has been for longer than a lease. */
function expectNotSuppressed(
  { at, attempt, place }: Handover & { readonly place: number },
  history: readonly Fact[],
  { lease }: SendingPolicy,
): void {
  const { emailId, customerId } = attempt.email;
  const whenDecided = suppressionAt(attempt.outreachSeen, customerId, history);
  expect(whenDecided, `${emailId}: a suppression when it was decided upon`).to.equal(undefined);
  const whenSent = suppressionAt(place, customerId, history) ?? Infinity;
  expect(whenSent, `${emailId}: the time of a suppression`).to.be.above(at - lease);
}

/** Since when a customer is suppressed at some place in the history, in epoch ms; undefined when they are not. */
function suppressionAt(place: number, customerId: string, history: readonly Fact[]): number | undefined {
  let since: number | undefined;
  for (const fact of history.slice(0, place)) {
    if (fact.fact === 'suppressed' && fact.customerId === customerId) since ??= fact.at;
    if (fact.fact === 'lifted' && fact.customerId === customerId) since = undefined;
  }
  return since;
}

/** Each email is for whom it was decided: never control, never engaged, at first only after a recent purchase. */
function expectRightCustomer({ email, customer, late }: Attempt): void {
  if (customer === undefined) throw new Error(`${email.emailId} is sent to somebody who was not looked at.`);
  expect(customer.group, `the group of the recipient of ${email.emailId}`).to.equal('outreach');
  expect(stageOf(customer), `the stage of the recipient of ${email.emailId}`).to.equal(email.stage);
  if (late) return;
  const age = email.claimedAt - (customer.lastTransactionAt ?? 0);
  expect(age, `the age of the purchase behind ${email.emailId}`).to.be.at.most(MAX_TRANSACTION_AGE);
}

/**
 * SendGrid takes an email once. It may take it again only where the webhook, although there is one, has not told
 * of the first time: not in all its grace, and not before the second attempt began.
 */
export function expectNoDuplicates(history: readonly Fact[], delivery: SendingPolicy): void {
  const taken = factsOf(history, 'handed-over').filter((handover) => handover.taken);
  for (const [index, second] of taken.entries()) {
    const { emailId } = second.attempt.email;
    for (const first of taken.slice(0, index)) {
      if (first.attempt.email.emailId !== emailId) continue;
      expect(delivery.webhookConfigured, `${emailId} is sent twice without a webhook`).to.equal(true);
      const silence = second.attempt.email.attemptedAt - first.attempt.email.attemptedAt;
      expect(silence, `${emailId} is sent twice, the grace`).to.be.at.least(delivery.grace);
      expect(isKnown(emailId, second.attempt.begun, history), `${emailId} is known and sent again`).to.equal(
        false,
      );
    }
  }
}

/** What the ledger knows to be taken is never given up. */
export function expectNothingKnownGivenUp(history: readonly Fact[]): void {
  for (const { emailId, place } of factsOf(history, 'given-up')) {
    expect(isKnown(emailId, place, history), `${emailId} is given up although it was taken`).to.equal(false);
  }
}

function isKnown(emailId: string, place: number, history: readonly Fact[]): boolean {
  return factsOf(history, 'known-taken').some((known) => known.emailId === emailId && known.place < place);
}
