/** The logs of the functions as typed events, read from the output of the emulators. */
import type { EngagementType } from '../../functions/src/domain/engagement.ts';
import type { Choice } from '../../functions/src/domain/subscription.ts';

/** What became of one published message. */
export type MessageLog =
  | {
      readonly event: 'transaction-recorded';
      readonly messageId: string;
      readonly source: string;
      /** Absent when the purchase came without an email address. */
      readonly customerId?: string;
    }
  | { readonly event: 'transaction-duplicate'; readonly messageId: string; readonly source: string }
  | {
      readonly event: 'reversal-ignored';
      readonly messageId: string;
      readonly source: string;
      readonly reason: string;
    }
  | {
      readonly event: 'message-quarantined';
      readonly messageId: string;
      readonly reason: string;
      readonly details: readonly string[];
    };

/** What became of one change of one customer. */
export type OutreachLog = {
  readonly customerId: string;
  /** How many transactions the customer had in that change. Each number from 1 occurs once. */
  readonly transactions: number;
} & (
  | { readonly event: 'outreach-skipped'; readonly reason: string }
  | {
      readonly event: 'email-accepted' | 'email-deferred' | 'email-rejected' | 'email-unknown';
      readonly emailId: string;
      readonly template?: string;
      readonly contentSource?: 'analytics' | 'static';
      readonly reason?: string;
    }
);

/** What a customer did apart from buying, and what follows from it. */
export type CustomerLog = { readonly customerId: string } & (
  | { readonly event: 'engagement-recorded'; readonly messageId: string; readonly type: EngagementType }
  | { readonly event: 'conversion-credited'; readonly emailId: string }
  | { readonly event: 'first-steps-skipped'; readonly reason: string }
  | { readonly event: 'unsubscribed'; readonly choice: Choice; readonly how: 'one-click' | 'page' }
);

/** A failure. The emulators do not deliver the event again, so its work is lost. */
export interface FailureLog {
  readonly event: 'function-failed' | 'event-unreadable' | 'email-not-rendered' | 'email-not-settled';
  readonly error: string;
  readonly function?: string;
  readonly messageId?: string;
  readonly customerId?: string;
  /** `documents/customers/{customerId}` */
  readonly document?: string;
}

export type FunctionLog = MessageLog | OutreachLog | CustomerLog | FailureLog;

const messageEvents = [
  'transaction-recorded',
  'transaction-duplicate',
  'reversal-ignored',
  'message-quarantined',
];
const outreachEvents = [
  'outreach-skipped',
  'email-accepted',
  'email-deferred',
  'email-rejected',
  'email-unknown',
];
const customerEvents = ['engagement-recorded', 'conversion-credited', 'first-steps-skipped', 'unsubscribed'];
const failureEvents = ['function-failed', 'event-unreadable', 'email-not-rendered', 'email-not-settled'];
const events = new Set([...messageEvents, ...outreachEvents, ...customerEvents, ...failureEvents]);

/**
 * Reads one line of the emulators' output. Lines of the functions begin with `>`.
 * @param line without colors.
 * @returns undefined for a line that is no known event.
 */
export function parseFunctionLog(line: string): FunctionLog | undefined {
  const json = /^>\s+(\{.*\})\s*$/u.exec(line)?.[1];
  if (json === undefined) return undefined;
  try {
    const entry = JSON.parse(json) as FunctionLog;
    return events.has(entry.event) ? entry : undefined;
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}

export function isMessageLog(log: FunctionLog): log is MessageLog {
  return messageEvents.includes(log.event);
}

export function isOutreachLog(log: FunctionLog): log is OutreachLog {
  return outreachEvents.includes(log.event);
}

export function isCustomerLog(log: FunctionLog): log is CustomerLog {
  return customerEvents.includes(log.event);
}
