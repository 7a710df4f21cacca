import type { DocumentData } from '@google-cloud/firestore';
import { expect } from 'chai';
import { customerIdIn } from '../../../functions/src/domain/email.ts';
import type { Stored } from './final-state.ts';
import { factsOf, type Fact } from './history.ts';
import { buyerIds } from './purchases.ts';
import { reportedEvents, suppressionsBy, type Report } from './reports.ts';

/** What `recordDelivery` and `unsubscribe` promise once all reports are acknowledged. */
export function expectReportsMerged(
  reports: readonly Report[],
  stored: Stored,
  history: readonly Fact[],
): void {
  for (const [emailId, email] of stored.emails) {
    const about = reports.filter((report) => report.emailId === emailId);
    expect(email['delivery'], `the delivery of ${emailId}`).to.deep.equal(deliveryIn(about));
    const heardOfAt = about.length === 0 ? undefined : Math.min(...about.map(({ occurredAt }) => occurredAt));
    expect(email['heardOfAt'], `when SendGrid reported ${emailId}`).to.equal(heardOfAt);
  }
  for (const customerId of buyerIds) {
    const outreach = stored.outreach.get(customerId) ?? {};
    expectComplaintsStored(customerId, outreach, reports, history);
    expectChoicesStored(customerId, outreach, history);
  }
}

/** The earliest time of each milestone, and the earliest and the latest of each click. */
function deliveryIn(reports: readonly Report[]): object | undefined {
  if (reports.length === 0) return undefined;
  const milestones: Record<string, number> = {};
  const clicks: Record<string, { firstAt: number; lastAt: number }> = {};
  for (const { kinds, occurredAt } of reports) {
    for (const kind of kinds) {
      const { field } = reportedEvents[kind];
      const link = /^clicks\.(.*)$/u.exec(field)?.[1];
      if (link === undefined) {
        milestones[field] = Math.min(milestones[field] ?? Infinity, occurredAt);
      } else {
        const { firstAt = Infinity, lastAt = -Infinity } = clicks[link] ?? {};
        clicks[link] = { firstAt: Math.min(firstAt, occurredAt), lastAt: Math.max(lastAt, occurredAt) };
      }
    }
  }
  return { ...milestones, ...(Object.keys(clicks).length > 0 && { clicks }) };
}

/** Every suppression that a report caused is there, since it first arose, and no other, unless the customer has undone it. */
function expectComplaintsStored(
  customerId: string,
  outreach: DocumentData,
  reports: readonly Report[],
  history: readonly Fact[],
): void {
  const expected: Record<string, number> = {};
  for (const { emailId, kinds, occurredAt } of reports) {
    if (customerIdIn(emailId) !== customerId) continue;
    for (const reason of suppressionsBy(kinds)) {
      expected[reason] = Math.min(expected[reason] ?? Infinity, occurredAt);
    }
  }
  const suppressions = { ...(outreach['suppressions'] as Record<string, number> | undefined) };
  const hasUndone = factsOf(history, 'choosing').some(
    (fact) => fact.customerId === customerId && fact.choice === 'undo',
  );
  if (expected['unsubscribed'] !== undefined && !hasUndone) {
    expect(suppressions['unsubscribed'], `when ${customerId} unsubscribed`).to.be.at.most(
      expected['unsubscribed'],
    );
  }
  delete suppressions['unsubscribed'];
  delete expected['unsubscribed'];
  expect(suppressions, `the suppressions of ${customerId}`).to.deep.equal(expected);
}

/** Where a customer has made one kind of choice only, or has undone all at the end, the choice is known for certain. */
function expectChoicesStored(customerId: string, outreach: DocumentData, history: readonly Fact[]): void {
  const begun = factsOf(history, 'choosing').filter((fact) => fact.customerId === customerId);
  const chosen = factsOf(history, 'chosen').filter((fact) => fact.customerId === customerId);
  const unsubscribedAt = (outreach['suppressions'] as Record<string, number> | undefined)?.['unsubscribed'];
  const pausedUntil = outreach['pausedUntil'] as number | undefined;
  if (begun.every(({ choice }) => choice !== 'undo')) {
    if (chosen.some(({ choice }) => choice === 'stop')) expect(unsubscribedAt, customerId).to.be.a('number');
    expect(pausedUntil !== undefined, `a pause of ${customerId}`).to.satisfy((isPaused: boolean) =>
      begun.some(({ choice }) => choice === 'pause')
        ? isPaused || chosen.every(({ choice }) => choice !== 'pause')
        : !isPaused,
    );
  }
  const complained = factsOf(history, 'complained').some(
    (fact) => fact.customerId === customerId && fact.reason === 'unsubscribed',
  );
  const areComplete = begun.length === chosen.length;
  if (!complained && areComplete && begun.at(-1)?.choice === 'undo' && isLast(begun, chosen)) {
    expect([unsubscribedAt, pausedUntil], `the choices of ${customerId}`).to.deep.equal([
      undefined,
      undefined,
    ]);
  }
}

/** Whether every other choice was complete before the last one began. */
function isLast(begun: readonly { place: number }[], chosen: readonly { place: number }[]): boolean {
  const last = begun.at(-1)?.place ?? 0;
  return chosen.slice(0, -1).every(({ place }) => place < last);
}
