import * as z from 'zod';
import type { DeliveryEvent, DeliveryReport, ReportedFact, LinkKind, Milestone } from '../domain/delivery.ts';
import { customerIdIn } from '../domain/email.ts';
import { SECOND, type EpochMs } from '../domain/time.ts';
import { parseJson } from './json-message.ts';

/**
 * The body of SendGrid's Event Webhook: a list of events, each with the custom arguments of its email among its fields.
 * https://www.twilio.com/docs/sendgrid/for-developers/tracking-events/event
 */

/** The most events that a request may hold. */
const MAX_EVENTS = 10_000;

/** A customer ID, a tilde, and a number from 1. Anything else is not an email of this system. */
const EMAIL_ID = /^[\da-f]{32}~[1-9]\d{0,8}$/u;

const pair = z.object({ key: z.string(), value: z.unknown() });
const namedPair = z
  .object({ name: z.string(), value: z.unknown() })
  .transform(({ name, value }) => ({ key: name, value }));

/** Custom arguments that a relay has left in a map, or in a list of keys and values. */
const nestedArguments = z
  .union([z.record(z.string(), z.unknown()), z.array(z.union([pair, namedPair])).transform(mapOf)])
  .optional()
  .catch(undefined);

/** Other senders on the same account may use the same field names, so a wrong value is not a fault. */
const eventSchema = z.object({
  event: z.string().catch(''),
  timestamp: z.unknown().optional(),
  emailId: z.unknown().optional(),
  custom_args: nestedArguments,
  unique_args: nestedArguments,
  /** In a bounce: `bounce` is permanent, `blocked` and `expired` are not. In an account event: the change. */
  type: z.string().optional().catch(undefined),
  reason: z.string().optional().catch(undefined),
  url: z.string().optional().catch(undefined),
  sg_machine_open: z.boolean().optional().catch(undefined),
});
type ReportedEvent = z.infer<typeof eventSchema>;

/** The links that are distinguished. Absolute URLs. */
export interface KnownLinks {
  readonly join: string;
  readonly unsubscribe: string;
}

/** What is wrong with a request as a whole. */
export interface DeliveryReportFault {
  readonly code: 'invalid-json' | 'no-list' | 'too-many-events';
  readonly message: string;
}

/**
 * Decodes the body of a request to the webhook. An invalid event does not affect the others.
 * @param now the time of an event whose own time cannot be read: it happened, and a suppression must not wait.
 */
export function decodeDeliveryReport(
  body: Uint8Array,
  links: KnownLinks,
  now: EpochMs,
): DeliveryReport | { fault: DeliveryReportFault } {
  const json = parseJson(body);
  if ('fault' in json) return fault('invalid-json', 'The body is not JSON in UTF-8.');
  if (!Array.isArray(json.value)) return fault('no-list', 'The body must be a list of events.');
  const { length } = json.value;
  if (length > MAX_EVENTS) {
    return fault('too-many-events', `A request may hold ${MAX_EVENTS} events, and this one holds ${length}.`);
  }
  const events: DeliveryEvent[] = [];
  const accountChanges: string[] = [];
  const skipped = { foreign: 0, ignored: 0 };
  let unreadable = 0;
  for (const value of json.value as unknown[]) {
    const decoded = decodeEvent(value, links);
    if (typeof decoded === 'string') skipped[decoded] += 1;
    else if ('accountChange' in decoded) accountChanges.push(decoded.accountChange);
    else {
      const { emailId, occurredAt, fact } = decoded;
      if (fact === undefined || occurredAt === undefined) unreadable += 1;
      if (fact === undefined) skipped.ignored += 1;
      else
        events.push({ emailId, customerId: customerIdIn(emailId), occurredAt: occurredAt ?? now, ...fact });
    }
  }
  return { events, accountChanges, unreadable, ...skipped };
}

/** An event of one of our emails, as far as it can be read. */
interface ReadEvent {
  readonly emailId: string;
  readonly occurredAt: EpochMs | undefined;
  readonly fact: ReportedFact | undefined;
}

function decodeEvent(
  value: unknown,
  links: KnownLinks,
): ReadEvent | { accountChange: string } | 'foreign' | 'ignored' {
  const parsed = eventSchema.safeParse(value);
  if (!parsed.success) return 'ignored';
  const reported = parsed.data;
  if (reported.event === 'account_status_change') return { accountChange: accountChange(reported) };
  const fact = factIn(reported, links);
  const emailId = emailIdIn(reported);
  if (emailId !== undefined) return { emailId, occurredAt: timeIn(reported.timestamp), fact };
  return fact === undefined ? 'ignored' : 'foreign';
}

/** SendGrid puts the custom arguments of an email beside the other fields of its events. */
function emailIdIn({ emailId, custom_args, unique_args }: ReportedEvent): string | undefined {
  const named = [emailId, custom_args?.['emailId'], unique_args?.['emailId']];
  return named.filter((id) => typeof id === 'string').find((id) => EMAIL_ID.test(id));
}

/** From this number on, a time is in milliseconds: 1973 as milliseconds, and the year 5138 as seconds. */
const MILLISECONDS_FROM = 1e11;

/** SendGrid reports whole seconds. Milliseconds, fractions and numbers as text can be read all the same. */
function timeIn(timestamp: unknown): EpochMs | undefined {
  const isText = typeof timestamp === 'string' && timestamp.trim() !== '';
  const time = isText ? Number(timestamp) : timestamp;
  if (typeof time !== 'number' || !(time > 0 && time < MILLISECONDS_FROM * SECOND)) return undefined;
  return Math.floor(time < MILLISECONDS_FROM ? time * SECOND : time);
}

function mapOf(pairs: readonly z.infer<typeof pair>[]): Record<string, unknown> {
  return Object.fromEntries(pairs.map(({ key, value }) => [key, value]));
}

/** Events whose meaning does not depend on their fields. */
const milestones = new Map<string, Exclude<Milestone, 'droppedAt'>>([
  ['processed', 'processedAt'],
  ['deferred', 'deferredAt'],
  ['delivered', 'deliveredAt'],
  ['spamreport', 'spamReportedAt'],
  ['unsubscribe', 'unsubscribedAt'],
  ['group_unsubscribe', 'unsubscribedAt'],
  ['group_resubscribe', 'resubscribedAt'],
]);

/**
 * The reasons for which SendGrid drops everything that is sent to an address. It also drops emails for their content, for
 * a faulty header and for a quota, which says nothing about the address.
 */
const reasonsInAddress = new Set([
  'bounced address',
  'unsubscribed address',
  'spam reporting address',
  'invalid',
]);

function factIn(reported: ReportedEvent, links: KnownLinks): ReportedFact | undefined {
  switch (reported.event) {
    case 'bounce':
      return { fact: (reported.type ?? 'bounce') === 'bounce' ? 'bouncedAt' : 'blockedAt' };
    case 'dropped': {
      const reason = (reported.reason ?? '').trim().toLowerCase();
      return { fact: 'droppedAt', becauseOfAddress: reasonsInAddress.has(reason) };
    }
    case 'open':
      return { fact: reported.sg_machine_open === true ? 'machineOpenedAt' : 'openedAt' };
    case 'click':
      return { fact: 'clicked', link: linkKind(reported.url ?? '', links) };
    default: {
      const fact = milestones.get(reported.event);
      return fact && { fact };
    }
  }
}

/** The query does not matter: it holds a token, or the parameters of a campaign. The URL itself is never kept. */
function linkKind(url: string, links: KnownLinks): LinkKind {
  if (isSamePage(url, links.unsubscribe)) return 'unsubscribe';
  return isSamePage(url, links.join) ? 'join' : 'other';
}

function isSamePage(url: string, known: string): boolean {
  const [one, other] = [URL.parse(url), URL.parse(known)];
  return one !== null && one.origin === other?.origin && one.pathname === other.pathname;
}

/** Only a plain word is logged. */
function accountChange({ type = '' }: ReportedEvent): string {
  return /^[a-z_]{1,64}$/u.test(type) ? type : 'unknown';
}

function fault(code: DeliveryReportFault['code'], message: string): { fault: DeliveryReportFault } {
  return { fault: { code, message } };
}
