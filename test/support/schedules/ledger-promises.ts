import type { DocumentData } from '@google-cloud/firestore';
import { expect } from 'chai';
import type { ClaimedEmail } from '../../../functions/src/domain/email.ts';
import type { Stored } from './final-state.ts';
import { factsOf, type Fact } from './history.ts';
import type { Rules } from './moves.ts';
import { buyerIds } from './purchases.ts';

/** What the ledger promises at the end, when no email is open any more. */
export function expectLedgerInOrder(stored: Stored, history: readonly Fact[], rules: Rules): void {
  const claimed = factsOf(history, 'claimed').map(({ attempt }) => attempt.email.emailId);
  expect([...stored.emails.keys()], 'the emails stored').to.have.members(claimed);
  for (const [emailId, email] of stored.emails) expectFinished(emailId, email, history);
  for (const customerId of buyerIds) expectOutreachInOrder(customerId, stored, rules);
}

/** No email stays open, none is lost silently, and an accepted email was accepted by SendGrid. */
function expectFinished(emailId: string, email: DocumentData, history: readonly Fact[]): void {
  expect(email['status'], `the status of ${emailId}`).to.be.oneOf(['accepted', 'rejected']);
  expect(email, emailId).to.not.have.property('dueAt');
  if (email['status'] === 'rejected') {
    expect(email['reason'], `the reason why ${emailId} is rejected`).to.be.a('string').that.is.not.empty;
    return;
  }
  const accepted = factsOf(history, 'handed-over').filter((handover) => handover.accepted);
  expect(
    accepted.map(({ attempt }) => attempt.email.emailId),
    'the emails that SendGrid has accepted',
  ).to.include(emailId);
}

/** Sequence numbers have no gaps, and each email keeps to the cooldown and the limit. */
function expectOutreachInOrder(
  customerId: string,
  { emails, outreach }: Stored,
  { cooldown, maxEmails }: Rules,
): void {
  const theirs = ([...emails.values()] as ClaimedEmail[])
    .filter((email) => email.customerId === customerId)
    .toSorted((one, other) => one.sequence - other.sequence);
  expect(theirs.map(({ sequence }) => sequence)).to.deep.equal(theirs.map((_, index) => index + 1));
  expect(theirs.length, `the number of emails to ${customerId}`).to.be.at.most(maxEmails);
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
