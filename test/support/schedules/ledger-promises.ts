import type { Timestamp } from '@google-cloud/firestore';
import { expect } from 'chai';
import type { Stored } from './final-state.ts';
import { factsOf, type Fact, type StoredEmail } from './history.ts';
import type { Rules } from './moves.ts';
import type { PublishedEngagement } from './engagements.ts';
import { buyerIds } from './purchases.ts';
import { EMAIL_RETENTION, FIRST_STEPS_AFTER } from './system.ts';

/** What the ledger promises at the end, when no email is open any more. */
export function expectLedgerInOrder(
  stored: Stored,
  history: readonly Fact[],
  rules: Rules,
  engagements: readonly PublishedEngagement[],
): void {
  for (const [emailId, email] of stored.emails as ReadonlyMap<string, StoredEmail>) {
    expect(email.status, `the status of ${emailId}`).to.be.oneOf(['accepted', 'rejected']);
    expect(email, emailId).to.not.have.property('dueAt');
    const expireAt = (email['expireAt'] as Timestamp).toMillis();
    expect(expireAt, `when ${emailId} expires`).to.equal(email.claimedAt + EMAIL_RETENTION);
  }
  for (const customerId of buyerIds) expectOutreachInOrder(customerId, stored, rules);
  expectFirstStepsOnce(history, engagements);
}

/** The first steps come once, and some days after the sign-up. */
function expectFirstStepsOnce(history: readonly Fact[], engagements: readonly PublishedEngagement[]): void {
  const firstSteps = factsOf(history, 'claimed').filter(({ email }) => email.occasion === 'sign-up');
  const customerIds = firstSteps.map(({ email }) => email.customerId);
  expect(new Set(customerIds).size, 'the customers shown the first steps').to.equal(customerIds.length);
  for (const { email } of firstSteps) {
    const signUps = engagements.filter(
      ({ buyer, type }) => type === 'signed-up' && buyerIds[buyer] === email.customerId,
    );
    const signedUpAt = Math.min(...signUps.map(({ occurredAt }) => occurredAt));
    expect(email.claimedAt, `the first steps ${email.emailId}`).to.be.at.least(
      signedUpAt + FIRST_STEPS_AFTER,
    );
  }
}

/** Sequence numbers have no gaps, and each email keeps to the cooldown and the limit. */
function expectOutreachInOrder(
  customerId: string,
  { emails, outreach }: Stored,
  { cooldown, maxEmails }: Rules,
): void {
  const theirs = ([...emails.values()] as StoredEmail[])
    .filter((email) => email.customerId === customerId)
    .toSorted((one, other) => one.sequence - other.sequence);
  expect(theirs.map(({ sequence }) => sequence)).to.deep.equal(theirs.map((_, index) => index + 1));
  expect(theirs.length, `the number of emails to ${customerId}`).to.be.at.most(maxEmails);
  const afterPurchases = theirs.filter(({ occasion }) => occasion === undefined);
  for (const [index, email] of afterPurchases.slice(1).entries()) {
    const answered = afterPurchases[index]?.transactionsAnswered ?? 0;
    expect(email.transactionsAnswered, `the purchases that ${email.emailId} answers`).to.be.above(answered);
  }
  for (const [index, email] of theirs.slice(1).entries()) {
    const wait = email.claimedAt - (theirs[index]?.claimedAt ?? 0);
    expect(wait, `the wait before the next email to ${customerId}`).to.be.at.least(cooldown);
  }
  const last = theirs.at(-1);
  if (last !== undefined) {
    expect(outreach.get(customerId), `the outreach of ${customerId}`).to.include({
      emailsSent: theirs.length,
      lastEmailId: last.emailId,
      lastClaimedAt: last.claimedAt,
      transactionsAnswered: last.transactionsAnswered,
    });
  }
}
