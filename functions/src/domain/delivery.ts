import type { SuppressionReason } from './outreach.ts';

/** What can happen to an email once, as far as anybody needs to know: the name of the fact that it leaves. */
export type Milestone =
  | 'processedAt'
  | 'deferredAt'
  | 'deliveredAt'
  | 'droppedAt'
  /** Refused for good: there is no such address. */
  | 'bouncedAt'
  /** Refused for now: a full mailbox, a doubtful sender, a server that was down for too long. */
  | 'blockedAt'
  | 'openedAt'
  /** Fetched by the recipient's mail provider, whether or not anybody reads it. */
  | 'machineOpenedAt'
  | 'spamReportedAt'
  | 'unsubscribedAt'
  | 'resubscribedAt';

/** Where a link of an email leads. */
export type LinkKind = 'join' | 'unsubscribe' | 'other';

/** Epoch milliseconds. */
interface Clicks {
  readonly firstAt: number;
  readonly lastAt: number;
}

/**
 * What is known of an email after it was handed over: for each thing that happened, when it first did, in epoch
 * milliseconds. Made of earliest and latest times alone, so that reports of them merge in any order and any number of
 * times.
 */
export interface DeliveryFacts extends Readonly<Partial<Record<Milestone, number>>> {
  readonly clicks?: Readonly<Partial<Record<LinkKind, Clicks>>>;
}

/** What may have happened to an email, with what else matters of it. */
export type Happening =
  | { readonly fact: 'clicked'; readonly link: LinkKind }
  | { readonly fact: 'droppedAt'; readonly becauseOfAddress: boolean }
  | { readonly fact: Exclude<Milestone, 'droppedAt'> };

/** One thing that happened to one email, as SendGrid reports it. */
export type DeliveryEvent = Happening & {
  readonly emailId: string;
  readonly customerId: string;
  /** Epoch milliseconds. */
  readonly occurredAt: number;
};

/** Everything that a number of events says of one email. */
export interface EmailReport {
  readonly emailId: string;
  readonly customerId: string;
  /** How many events it sums up. */
  readonly events: number;
  /** When SendGrid first told anything of the email: the proof that it has taken it. Epoch milliseconds. */
  readonly heardOfAt: number;
  readonly delivery: DeliveryFacts;
  readonly suppressions: Suppressions;
}

/** When each reason to write no more first arose, in epoch milliseconds. */
export type Suppressions = Readonly<Partial<Record<SuppressionReason, number>>>;

/** One report for each email. The order of the events does not matter, nor does a repetition change what is reported. */
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
 * Why an event means that its recipient must not be written to again, if it does. What may pass does not: a mailbox
 * that is full, an email that SendGrid dropped for what it said. Nor is a reason taken back by SendGrid reporting a
 * resubscription, whose place among the other events nobody can know: customers take it back on our own page.
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

/** What the reports of several emails say against writing to each customer; customers without such are left out. */
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

/** Mail scanners follow links as soon as an email arrives, before anybody can have read it. In ms. */
const SCANNING_TIME = 10_000;

/**
 * When a person showed interest by a click; undefined when nobody did, or nobody but a scanner. A scanner follows every
 * link within seconds of delivery, the one to unsubscribe included; then only later clicks are a person's. The click to
 * unsubscribe shows no interest.
 *
 * Of the clicks on a link only the first and the last are known. If a scanner's was the first, the answer is the last
 * one, which may be later than the first one of a person.
 */
export function humanClickedAt({ deliveredAt, clicks = {} }: DeliveryFacts): number | undefined {
  const scannedUntil = (deliveredAt ?? -Infinity) + SCANNING_TIME;
  const isEarly = (link: Clicks | undefined) => link !== undefined && link.firstAt <= scannedUntil;
  const wasScanned = isEarly(clicks.join) && isEarly(clicks.unsubscribe);
  const interested = [clicks.join, clicks.other]
    .flatMap((link) => (link === undefined ? [] : [link.firstAt, link.lastAt]))
    .filter((clickedAt) => !wasScanned || clickedAt > scannedUntil);
  return interested.length === 0 ? undefined : Math.min(...interested);
}
