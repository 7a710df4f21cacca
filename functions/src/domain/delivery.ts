import type { SuppressionReason } from './outreach.ts';
import { SECOND, type EpochMs, type Millis } from './time.ts';

/** The facts that become known about an email, each of which counts once. */
export type Milestone =
  | 'processedAt'
  | 'deferredAt'
  | 'deliveredAt'
  | 'droppedAt'
  /** Refused permanently: the address does not exist. */
  | 'bouncedAt'
  /** Refused temporarily: a full mailbox, a suspicious sender, or a server that was down for too long. */
  | 'blockedAt'
  | 'openedAt'
  /** Fetched by the recipient's mail provider, whether or not a person reads it. */
  | 'machineOpenedAt'
  | 'spamReportedAt'
  | 'unsubscribedAt'
  | 'resubscribedAt';

/** Where a link of an email leads. */
export type LinkKind = 'join' | 'unsubscribe' | 'other';

interface Clicks {
  readonly firstAt: EpochMs;
  readonly lastAt: EpochMs;
}

/**
 * The facts about an email after it was handed over, each with its first time. They are only earliest and latest times, so
 * that reports merge in any order and any number of times.
 */
export interface DeliveryFacts extends Readonly<Partial<Record<Milestone, EpochMs>>> {
  readonly clicks?: Readonly<Partial<Record<LinkKind, Clicks>>>;
}

/** A fact about an email, with the details that matter. */
export type ReportedFact =
  | { readonly fact: 'clicked'; readonly link: LinkKind }
  | { readonly fact: 'droppedAt'; readonly becauseOfAddress: boolean }
  | { readonly fact: Exclude<Milestone, 'droppedAt'> };

/** One event of one email, as SendGrid reports it. */
export type DeliveryEvent = ReportedFact & {
  readonly emailId: string;
  readonly customerId: string;
  readonly occurredAt: EpochMs;
};

/** The decoded request of SendGrid's webhook. */
export interface DeliveryReport {
  readonly events: readonly DeliveryEvent[];
  /** The number of events that are not about an email of this system. */
  readonly foreign: number;
  /** The number of events of an unknown kind. */
  readonly ignored: number;
  /** The number of events of our emails of which a part could not be read: the kind, or the time. */
  readonly unreadable: number;
  /** Changes of the account itself, such as `compliance_suspend`. */
  readonly accountChanges: readonly string[];
}

/** Some events of one email, summed up. */
export interface EmailReport {
  readonly emailId: string;
  readonly customerId: string;
  /** The number of these events. */
  readonly events: number;
  /** When SendGrid first reported anything about the email, which proves that SendGrid has accepted it. */
  readonly heardOfAt: EpochMs;
  readonly delivery: DeliveryFacts;
  readonly suppressions: Suppressions;
}

/** When each reason for a suppression first arose. */
export type Suppressions = Readonly<Partial<Record<SuppressionReason, EpochMs>>>;

/** One report for each email. The order and the repetition of events change nothing. */
export function reportsOf(events: readonly DeliveryEvent[]): EmailReport[] {
  const reports = new Map<string, EmailReport>();
  for (const event of events) reports.set(event.emailId, reportWith(event, reports.get(event.emailId)));
  return [...reports.values()];
}

function reportWith(event: DeliveryEvent, soFar: EmailReport | undefined): EmailReport {
  const { emailId, customerId, occurredAt } = event;
  const { events = 0, heardOfAt = Infinity, delivery = {}, suppressions = {} } = soFar ?? {};
  const reason = suppressionBy(event);
  return {
    emailId,
    customerId,
    events: events + 1,
    heardOfAt: Math.min(heardOfAt, occurredAt),
    delivery: deliveryWith(event, delivery),
    suppressions: reason === undefined ? suppressions : earliest(suppressions, { [reason]: occurredAt }),
  };
}

function deliveryWith(event: DeliveryEvent, soFar: DeliveryFacts): DeliveryFacts {
  const { fact, occurredAt } = event;
  if (fact !== 'clicked') return { ...soFar, [fact]: Math.min(soFar[fact] ?? Infinity, occurredAt) };
  const { firstAt = Infinity, lastAt = -Infinity } = soFar.clicks?.[event.link] ?? {};
  const clicks = { firstAt: Math.min(firstAt, occurredAt), lastAt: Math.max(lastAt, occurredAt) };
  return { ...soFar, clicks: { ...soFar.clicks, [event.link]: clicks } };
}

/**
 * The reason for which an event suppresses its recipient, if it does. A temporary failure does not, such as a full mailbox,
 * and neither does an email that SendGrid dropped because of its content. A resubscription that SendGrid reports lifts no
 * suppression, because its place among the other events is unknown: customers do that on the unsubscribe page.
 */
function suppressionBy(event: DeliveryEvent): SuppressionReason | undefined {
  switch (event.fact) {
    case 'bouncedAt':
      return 'bounced';
    case 'spamReportedAt':
      return 'spam-report';
    case 'unsubscribedAt':
      return 'unsubscribed';
    case 'droppedAt':
      return event.becauseOfAddress ? 'dropped' : undefined;
    default:
      return undefined;
  }
}

/** The suppressions in some reports, by customer. Customers without any are left out. */
export function suppressionsByCustomer(reports: readonly EmailReport[]): ReadonlyMap<string, Suppressions> {
  const customers = new Map<string, Suppressions>();
  for (const { customerId, suppressions } of reports) {
    if (Object.keys(suppressions).length === 0) continue;
    customers.set(customerId, earliest(customers.get(customerId) ?? {}, suppressions));
  }
  return customers;
}

function earliest(some: Suppressions, others: Suppressions): Suppressions {
  const merged: Partial<Record<SuppressionReason, number>> = { ...some };
  for (const reason of Object.keys(others) as SuppressionReason[]) {
    merged[reason] = Math.min(some[reason] ?? Infinity, others[reason] ?? Infinity);
  }
  return merged;
}

/** Mail scanners follow links as soon as an email arrives, before a person can have read it. */
const SCANNING_TIME: Millis = 10 * SECOND;

/**
 * When a person first clicked a link out of interest; undefined without such a click. A scanner follows every link within
 * seconds of delivery, including the unsubscribe link; in that case only later clicks are human. A click on the unsubscribe
 * link shows no interest.
 *
 * Only the first and the last click on a link are known. If the first was a scanner's, the answer is the last one, which
 * may be later than the first click of a person.
 */
export function humanClickedAt({ deliveredAt, clicks = {} }: DeliveryFacts): EpochMs | undefined {
  const scannedUntil = (deliveredAt ?? -Infinity) + SCANNING_TIME;
  const isEarly = (link: Clicks | undefined) => link !== undefined && link.firstAt <= scannedUntil;
  const wasScanned = isEarly(clicks.join) && isEarly(clicks.unsubscribe);
  const interested = [clicks.join, clicks.other]
    .flatMap((link) => (link === undefined ? [] : [link.firstAt, link.lastAt]))
    .filter((clickedAt) => !wasScanned || clickedAt > scannedUntil);
  return interested.length === 0 ? undefined : Math.min(...interested);
}
