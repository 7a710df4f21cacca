import type { Content, ContentQuestion } from './domain/content.ts';
import type { Customer } from './domain/customer.ts';
import type { EmailState, ClaimedEmail } from './domain/email.ts';
import type { EngagementType } from './domain/engagement.ts';
import type { FirstStepsSkipReason, SkipReason, SuppressionReason } from './domain/outreach.ts';
import type { PublishedMessage } from './domain/published-message.ts';
import type { MessageFault } from './domain/quarantine.ts';
import type { UnsubscribeRequest } from './domain/subscription.ts';
import { HOUR, type Millis } from './domain/time.ts';
import type { TransactionRecord } from './domain/transaction-record.ts';
import { withoutAddresses } from './errors.ts';
import { currentTraceparent } from './trace.ts';

/**
 * Every sentence that the functions log. One JSON object a line, with the fields that Cloud Logging reads
 * (https://cloud.google.com/logging/docs/structured-logging), an `event` that dashboards and alerts count, and
 * pseudonyms only: no address, no name, nothing that a customer or a vendor wrote.
 */
export interface Log {
  transactionRecorded(message: PublishedMessage, record: TransactionRecord): void;
  transactionDuplicate(message: PublishedMessage, record: TransactionRecord): void;
  messageQuarantined(message: PublishedMessage, fault: MessageFault): void;
  transactionsIngested(vendor: string, accepted: number, rejected: number): void;
  /** @param cause of a refusal that is ours and not the vendor's. */
  ingestRefused(status: number, code: string, vendor: string | undefined, cause?: unknown): void;
  outreachSkipped(customer: Customer, reason: SkipReason): void;
  contentFallback(question: ContentQuestion, cause: unknown): void;
  emailNotRendered(email: ClaimedEmail, error: unknown): void;
  emailSettled(email: ClaimedEmail, state: EmailState, content: Content | undefined): void;
  emailNotSettled(email: ClaimedEmail, error: unknown): void;
  emailLeaseLost(email: ClaimedEmail): void;
  emailNotResumed(email: ClaimedEmail, error: unknown): void;
  engagementRecorded(message: PublishedMessage, customerId: string, type: EngagementType): void;
  conversionCredited(customerId: string, emailId: string): void;
  firstStepsSkipped(customerId: string, reason: FirstStepsSkipReason): void;
  firstStepsFailed(customerId: string, error: unknown): void;
  /** @param longestOpen for how long the oldest of them has been open. */
  emailsResumed(count: number, moreAreDue: boolean, longestOpen: Millis): void;
  sendingPaused(): void;
  unsubscribed(customerId: string, emailId: string, request: UnsubscribeRequest): void;
  deliveryRecorded(counts: DeliveryCounts): void;
  customerSuppressed(customerId: string, reason: SuppressionReason): void;
  /** @param change one of SendGrid's own words. */
  accountChanged(change: string): void;
  /** @param cause of a refusal that is ours and not the sender's. */
  deliveryRefused(status: number, code: string, cause: unknown): void;
  eventUnreadable(functionName: string, context: Readonly<Record<string, string>>, error: unknown): void;
  functionFailed(functionName: string, context: Readonly<Record<string, string>>, error: unknown): void;
}

/** What became of the events of one request to the webhook. */
interface DeliveryCounts {
  readonly events: number;
  /** Emails that events were merged into. */
  readonly emails: number;
  /** Events that are not about an email in the ledger. */
  readonly foreign: number;
  /** Events of no known kind. */
  readonly ignored: number;
  /** Customers who are not written to again. */
  readonly suppressed: number;
}

type Severity = 'DEBUG' | 'INFO' | 'WARNING' | 'ERROR';
type Fields = Readonly<Record<string, unknown>>;

/** @param projectId of the project whose Cloud Trace the lines belong to; without it they name no trace. */
export function createLog(projectId: string | undefined, write: (line: string) => void): Log {
  const entry = (severity: Severity, event: string, message: string, fields: Fields) => {
    write(JSON.stringify({ severity, message, event, ...fields, ...traceFields(projectId) }));
  };
  return {
    ...transactionSentences(entry),
    ...outreachSentences(entry),
    ...deliverySentences(entry),
    ...failureSentences(entry),
  };
}

/** The log of this process, which goes to its standard output. */
export const log = createLog(
  process.env['GOOGLE_CLOUD_PROJECT'] ?? process.env['GCLOUD_PROJECT'],
  (line) => void process.stdout.write(`${line}\n`),
);

type Entry = (severity: Severity, event: string, message: string, fields: Fields) => void;

function transactionSentences(entry: Entry) {
  return {
    transactionRecorded({ messageId }, { key, transaction, buyer }) {
      const fields = {
        messageId,
        transaction: key,
        source: transaction.source,
        customerId: buyer?.customerId,
      };
      entry('INFO', 'transaction-recorded', 'A transaction was recorded.', fields);
    },
    transactionDuplicate({ messageId }, { key, transaction }) {
      const fields = { messageId, transaction: key, source: transaction.source };
      entry('INFO', 'transaction-duplicate', 'A transaction came again; nothing changed.', fields);
    },
    messageQuarantined({ messageId, topic }, { reason, details }) {
      const fields = { messageId, topic, reason, details };
      entry('WARNING', 'message-quarantined', `A message was quarantined: ${reason}.`, fields);
    },
    transactionsIngested(vendor, accepted, rejected) {
      const fields = { vendor, accepted, rejected };
      entry('INFO', 'transactions-ingested', `${accepted} transactions of a vendor were published.`, fields);
    },
    ingestRefused(status, code, vendor, cause) {
      const error = cause === undefined ? undefined : describe(cause);
      const fields = { status, code, vendor, error };
      entry(
        status < 500 ? 'WARNING' : 'ERROR',
        'ingest-refused',
        `A vendor's request was refused: ${code}.`,
        fields,
      );
    },
  } satisfies Partial<Log>;
}

function outreachSentences(entry: Entry) {
  return {
    outreachSkipped({ customerId, transactions }, reason) {
      const fields = { customerId, transactions, reason };
      entry('INFO', 'outreach-skipped', `No email to this customer now: ${reason}.`, fields);
    },
    contentFallback({ customerId }, cause) {
      const reason = typeof cause === 'string' ? cause : describe(cause);
      entry(
        typeof cause === 'string' ? 'INFO' : 'WARNING',
        'content-fallback',
        'Static content takes the place of what Analytics might have said.',
        { customerId, reason },
      );
    },
    engagementRecorded({ messageId }, customerId, type) {
      const fields = { messageId, customerId, type };
      entry('INFO', 'engagement-recorded', `An engagement was recorded: ${type}.`, fields);
    },
    conversionCredited(customerId, emailId) {
      const fields = { customerId, emailId };
      entry('INFO', 'conversion-credited', 'A sign-up was credited to an email.', fields);
    },
    firstStepsSkipped(customerId, reason) {
      const fields = { customerId, reason };
      entry('INFO', 'first-steps-skipped', `No first steps for this customer: ${reason}.`, fields);
    },
    unsubscribed(customerId, emailId, { choice, how }) {
      const fields = { customerId, emailId, choice, how };
      entry('INFO', 'unsubscribed', `A customer made a choice about emails: ${choice}.`, fields);
    },
    emailsResumed(count, moreAreDue, longestOpen) {
      const fields = { count, moreAreDue, longestOpenHours: Math.floor(longestOpen / HOUR) };
      entry('INFO', 'emails-resumed', `${count} open emails were due.`, fields);
    },
    sendingPaused() {
      entry('WARNING', 'sending-paused', 'Sending is paused: open emails wait.', {});
    },
    emailSettled(email, state, content) {
      const { customerId, emailId, transactionsAnswered: transactions } = email;
      entry(severityOf(state), `email-${state.status}`, `An email is ${state.status}.`, {
        customerId,
        emailId,
        transactions,
        template: content?.template,
        contentId: content?.contentId,
        contentSource: content?.source,
        ...state,
      });
    },
  } satisfies Partial<Log>;
}

function deliverySentences(entry: Entry) {
  return {
    deliveryRecorded(counts) {
      entry('INFO', 'delivery-recorded', `SendGrid reported ${counts.events} events.`, { ...counts });
    },
    customerSuppressed(customerId, reason) {
      entry('INFO', 'customer-suppressed', `A customer is not written to again: ${reason}.`, {
        customerId,
        reason,
      });
    },
    accountChanged(change) {
      entry('ERROR', 'sendgrid-account-changed', `SendGrid changed our account: ${change}.`, { change });
    },
    deliveryRefused(status, code, cause) {
      const error = cause === undefined ? undefined : describe(cause);
      entry(
        status < 500 ? 'WARNING' : 'ERROR',
        'delivery-refused',
        `A request to the webhook was refused: ${code}.`,
        { status, code, error },
      );
    },
  } satisfies Partial<Log>;
}

function failureSentences(entry: Entry) {
  return {
    emailNotRendered({ emailId, customerId }, error) {
      const fields = { emailId, customerId, error: describe(error) };
      entry('ERROR', 'email-not-rendered', 'An email could not be rendered; it waits for a fix.', fields);
    },
    emailNotSettled({ emailId, customerId }, error) {
      const fields = { emailId, customerId, error: describe(error) };
      entry('ERROR', 'email-not-settled', 'What became of an email could not be stored.', fields);
    },
    emailLeaseLost({ emailId, customerId }) {
      const fields = { emailId, customerId };
      entry(
        'WARNING',
        'email-lease-lost',
        'An email took too long to prepare; the next run sends it.',
        fields,
      );
    },
    emailNotResumed({ emailId, customerId }, error) {
      const fields = { emailId, customerId, error: describe(error) };
      entry('ERROR', 'email-not-resumed', 'An open email could not be taken up; it stays due.', fields);
    },
    firstStepsFailed(customerId, error) {
      const fields = { customerId, error: describe(error) };
      entry('ERROR', 'first-steps-failed', 'A customer could not be shown the first steps yet.', fields);
    },
    eventUnreadable(functionName, context, error) {
      const fields = { function: functionName, ...context, error: describe(error) };
      entry('ERROR', 'event-unreadable', `${functionName} cannot read an event and drops it.`, fields);
    },
    functionFailed(functionName, context, error) {
      const fields = { function: functionName, ...context, error: describe(error) };
      entry('ERROR', 'function-failed', `${functionName} failed.`, fields);
    },
  } satisfies Partial<Log>;
}

function severityOf({ status }: EmailState): Severity {
  if (status === 'accepted') return 'INFO';
  return status === 'rejected' ? 'ERROR' : 'WARNING';
}

/** The fields by which Cloud Logging shows a line below its request. */
function traceFields(projectId: string | undefined): Fields {
  const [, traceId, spanId] =
    /^[\da-f]{2}-([\da-f]{32})-([\da-f]{16})-/u.exec(currentTraceparent() ?? '') ?? [];
  if (projectId === undefined || traceId === undefined) return {};
  return {
    'logging.googleapis.com/trace': `projects/${projectId}/traces/${traceId}`,
    'logging.googleapis.com/spanId': spanId,
  };
}

/** An error and its causes in one line, without anything that may be an address. */
function describe(error: unknown): string {
  if (!(error instanceof Error)) return withoutAddresses(String(error));
  const cause = error.cause === undefined ? '' : ` <- ${describe(error.cause)}`;
  return withoutAddresses(`${error.name}: ${error.message}`) + cause;
}
