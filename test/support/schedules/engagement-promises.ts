import type { DocumentData } from '@google-cloud/firestore';
import { expect } from 'chai';
import { second } from '../transactions.ts';
import type { PublishedEngagement } from './engagements.ts';
import type { Stored } from './final-state.ts';
import type { Rules } from './moves.ts';
import { buyerIds, controlGroup } from './purchases.ts';
import { ATTRIBUTION_WINDOW } from './system.ts';

/** What `recordEngagement` and the first steps promise once all messages are acknowledged and nothing is open. */
export function expectEngagementsRecorded(
  engagements: readonly PublishedEngagement[],
  stored: Stored,
  { maxEmails }: Rules,
): void {
  for (const [buyer, customerId] of buyerIds.entries()) {
    const customer = stored.customers.get(customerId) ?? {};
    const theirs = engagements.filter((engagement) => engagement.buyer === buyer);
    const signedUpAt = earliest(theirs.filter(({ type }) => type === 'signed-up'));
    const firstActivityAt = earliest(theirs.filter(({ type }) => type !== 'signed-up'));
    expect(customer['signedUpAt'], `the sign-up of ${customerId}`).to.equal(signedUpAt);
    expect(customer['firstActivityAt'], `the first activity of ${customerId}`).to.equal(firstActivityAt);
    expectFirstStepsShown(customerId, customer, stored.outreach.get(customerId) ?? {}, maxEmails);
    expectSignUpCredited(customerId, signedUpAt, stored);
  }
}

function earliest(engagements: readonly PublishedEngagement[]): number | undefined {
  return engagements.length === 0 ? undefined : Math.min(...engagements.map(({ occurredAt }) => occurredAt));
}

/** Everyone who bought, signed up and did nothing since has been shown the first steps, within the limits of outreach. */
function expectFirstStepsShown(
  customerId: string,
  customer: DocumentData,
  outreach: DocumentData,
  maxEmails: number,
): void {
  const isRegistered = customer['signedUpAt'] !== undefined && customer['firstActivityAt'] === undefined;
  const isSuppressed = Object.keys((outreach['suppressions'] ?? {}) as object).length > 0;
  const hasReachedCap = ((outreach['emailsSent'] ?? 0) as number) >= maxEmails;
  if (!isRegistered || isSuppressed || hasReachedCap) return;
  if (!customer['transactions'] || controlGroup.includes(customerId)) return;
  expect(outreach['firstStepsClaimedAt'], `the first steps of ${customerId}`).to.be.a('number');
}

/** The sign-up is credited to one email at most: the last one clicked, or the last one, of those within the window. */
function expectSignUpCredited(customerId: string, signedUpAt: number | undefined, { emails }: Stored): void {
  const theirs = [...emails.values()].filter((email) => email['customerId'] === customerId);
  const credited = signedUpAt === undefined ? undefined : creditedEmail(theirs, signedUpAt);
  for (const email of theirs) {
    const expected = email === credited ? signedUpAt : undefined;
    expect(email['convertedAt'], `the credit of ${email['emailId'] as string}`).to.equal(expected);
  }
}

function creditedEmail(emails: readonly DocumentData[], signedUpAt: number): DocumentData | undefined {
  const acceptedAt = (email: DocumentData) => (email['acceptedAt'] ?? Infinity) as number;
  const candidates = emails
    .filter(
      (email) => acceptedAt(email) <= signedUpAt && acceptedAt(email) >= signedUpAt - ATTRIBUTION_WINDOW,
    )
    .toSorted((one, other) => acceptedAt(one) - acceptedAt(other));
  const clicked = candidates.filter((email) => clickedAt(email) <= signedUpAt);
  return clicked.at(-1) ?? candidates.at(-1);
}

type Clicks = Readonly<Record<string, { readonly firstAt: number; readonly lastAt: number }>>;

/** A scanner that follows both links within ten seconds of the delivery is no person. */
function clickedAt(email: DocumentData): number {
  const { deliveredAt = -Infinity, clicks = {} } = (email['delivery'] ?? {}) as {
    deliveredAt?: number;
    clicks?: Clicks;
  };
  const scannedUntil = deliveredAt + 10 * second;
  const { join, unsubscribe } = clicks;
  if (join === undefined) return Infinity;
  const isScanner = join.firstAt <= scannedUntil && (unsubscribe?.firstAt ?? Infinity) <= scannedUntil;
  if (!isScanner) return join.firstAt;
  return join.lastAt > scannedUntil ? join.lastAt : Infinity;
}
