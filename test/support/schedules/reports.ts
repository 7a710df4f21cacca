import type { SuppressionReason } from '../../../functions/src/domain/outreach.ts';
import { encoded } from '../transactions.ts';

export const joinLink = 'https://farmacy.example/join';
export const unsubscribeLink = 'https://farmacy.example/unsubscribe';

interface ReportedEvent {
  /** As SendGrid's Event Webhook names them. */
  readonly fields: Readonly<Record<string, unknown>>;
  /** The field of the email that keeps its time, below `delivery`. */
  readonly field: string;
  readonly suppression?: SuppressionReason;
}

const click = (url: string) => ({ event: 'click', url: `${url}?ref=1` });

/** What SendGrid reports, and what must come of it. */
export const reportedEvents = {
  processed: { fields: { event: 'processed' }, field: 'processedAt' },
  delivered: { fields: { event: 'delivered' }, field: 'deliveredAt' },
  opened: { fields: { event: 'open' }, field: 'openedAt' },
  bounced: { fields: { event: 'bounce', type: 'bounce' }, field: 'bouncedAt', suppression: 'bounced' },
  blocked: { fields: { event: 'bounce', type: 'blocked' }, field: 'blockedAt' },
  'dropped-address': {
    fields: { event: 'dropped', reason: 'Bounced Address' },
    field: 'droppedAt',
    suppression: 'dropped',
  },
  'dropped-content': { fields: { event: 'dropped', reason: 'Spam Content' }, field: 'droppedAt' },
  complained: {
    fields: { event: 'spamreport' },
    field: 'spamReportedAt',
    suppression: 'spam-report',
  },
  unsubscribed: {
    fields: { event: 'unsubscribe' },
    field: 'unsubscribedAt',
    suppression: 'unsubscribed',
  },
  'clicked-join': { fields: click(joinLink), field: 'clicks.join' },
  'clicked-unsubscribe': { fields: click(unsubscribeLink), field: 'clicks.unsubscribe' },
} as const satisfies Record<string, ReportedEvent>;

export type EventKind = keyof typeof reportedEvents;
export const eventKinds = Object.keys(reportedEvents) as EventKind[];

/** A request of SendGrid's webhook. SendGrid repeats it until it is acknowledged. */
export interface Report {
  readonly emailId: string;
  readonly kinds: readonly EventKind[];
  /** Whole seconds, as SendGrid reports them; epoch milliseconds. */
  readonly occurredAt: number;
  readonly body: Uint8Array;
}

/** @param now epoch milliseconds. */
export function reportAbout(emailId: string, kinds: readonly EventKind[], now: number): Report {
  const timestamp = Math.floor(now / 1000);
  const body = encoded(kinds.map((kind) => ({ ...reportedEvents[kind].fields, emailId, timestamp })));
  return { emailId, kinds, occurredAt: timestamp * 1000, body };
}

/** Why a report suppresses the recipient. */
export function suppressionsBy(kinds: readonly EventKind[]): SuppressionReason[] {
  return kinds.flatMap((kind) => {
    const event: ReportedEvent = reportedEvents[kind];
    return event.suppression ?? [];
  });
}
