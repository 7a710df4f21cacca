import type { Credit } from './domain/attribution.ts';
import type { Content, ContentQuestion } from './domain/content.ts';
import type { Customer } from './domain/customer.ts';
import type { EmailState, ClaimedEmail } from './domain/email.ts';
import type { EngagementType } from './domain/engagement.ts';
import type { FirstStepsSkipReason, SkipReason, SuppressionReason } from './domain/outreach.ts';
import type { PublishedMessage } from './domain/published-message.ts';
import type { MessageFault } from './domain/quarantine.ts';
import type { UnsubscribeRequest } from './domain/subscription.ts';
import { HOUR, type Millis } from './domain/time.ts';
import type { Reversal, Source } from './domain/transaction.ts';
import type { TransactionRecord } from './domain/transaction-record.ts';
import { withoutAddresses } from './errors.ts';
import { currentTraceparent } from './trace.ts';

/**
 * All sentences that the functions log. One JSON object a line, with the fields that Cloud Logging reads
 * (https://cloud.google.com/logging/docs/structured-logging), an `event` that dashboards and alerts count, and
 * pseudonyms only: no address, no name, nothing that a customer or a vendor wrote.
 */
export type Log = ReturnType<typeof createLog>;

type Severity = 'INFO' | 'WARNING' | 'ERROR';
type Fields = Readonly<Record<string, unknown>>;
type Entry = (severity: Severity, event: string, message: string, fields: Fields) => void;

/** @param projectId the project of the traces; without it, lines have no trace. */
export function createLog(projectId: string | undefined, write: (line: string) => void) {
  const entry: Entry = (severity, event, message, fields) => {
    write(JSON.stringify({ severity, message, event, ...fields, ...traceFields(projectId) }));
  };
  return {
    ...messageSentences(entry),
    ...ingestSentences(entry),
    ...outreachSentences(entry),
    ...emailSentences(entry),
    ...customerSentences(entry),
    ...deliverySentences(entry),
    ...failureSentences(entry),
  };
}

/** The log of this process, which goes to its standard output. */
export const log = createLog(
  process.env['GOOGLE_CLOUD_PROJECT'] ?? process.env['GCLOUD_PROJECT'],
  (line) => void process.stdout.write(`${line}\n`),
);

/** The most parts of a purchase that a line names. */
const MAX_PARTS = 20;

function messageSentences(entry: Entry) {
  return {
    transactionRecorded({ messageId }: PublishedMessage, { key, transaction, buyer }: TransactionRecord) {
      const fields = {
        messageId,
        transaction: key,
        source: transaction.source,
        customerId: buyer?.customerId,
        leftOut: transaction.leftOut?.length,
        leftOutParts: transaction.leftOut?.slice(0, MAX_PARTS),
      };
      entry('INFO', 'transaction-recorded', 'A transaction was recorded.', fields);
    },
    reversalIgnored({ messageId }: PublishedMessage, source: Source, reason: Reversal) {
      const fields = { messageId, source, reason };
      entry('INFO', 'reversal-ignored', `Nothing was recorded: this is a ${reason}.`, fields);
    },
    transactionDuplicate({ messageId }: PublishedMessage, { key, transaction }: TransactionRecord) {
      const fields = { messageId, transaction: key, source: transaction.source };
      entry('INFO', 'transaction-duplicate', 'A transaction came again; nothing changed.', fields);
    },
    engagementRecorded({ messageId }: PublishedMessage, customerId: string, type: EngagementType) {
      const fields = { messageId, customerId, type };
      entry('INFO', 'engagement-recorded', `An engagement was recorded: ${type}.`, fields);
    },
    messageQuarantined({ messageId, topic }: PublishedMessage, { reason, details }: MessageFault) {
      const fields = { messageId, topic, reason, details };
      entry('WARNING', 'message-quarantined', `A message was quarantined: ${reason}.`, fields);
    },
  };
}

function ingestSentences(entry: Entry) {
  return {
    transactionsIngested(vendor: string, accepted: number, rejected: number) {
      const fields = { vendor, accepted, rejected };
      entry('INFO', 'transactions-ingested', `${accepted} transactions of a vendor were published.`, fields);
    },
    /** @param cause the error behind a refusal that is not the vendor's fault. */
    ingestRefused(status: number, code: string, vendor: string | undefined, cause?: unknown) {
      const fields = { status, code, vendor, error: describeCause(cause) };
      const message = `A vendor's request was refused: ${code}.`;
      entry(severityOfStatus(status), 'ingest-refused', message, fields);
    },
  };
}

function outreachSentences(entry: Entry) {
  return {
    outreachSkipped({ customerId, transactions }: Customer, reason: SkipReason) {
      const fields = { customerId, transactions, reason };
      entry('INFO', 'outreach-skipped', `No email to this customer now: ${reason}.`, fields);
    },
    firstStepsSkipped(customerId: string, reason: FirstStepsSkipReason) {
      const fields = { customerId, reason };
      entry('INFO', 'first-steps-skipped', `No first steps for this customer: ${reason}.`, fields);
    },
    firstStepsFailed(customerId: string, error: unknown) {
      const fields = { customerId, error: describe(error) };
      entry('ERROR', 'first-steps-failed', 'A customer could not be shown the first steps yet.', fields);
    },
    contentFallback({ customerId }: ContentQuestion, cause: unknown) {
      const isFault = typeof cause !== 'string';
      const fields = { customerId, reason: isFault ? describe(cause) : cause };
      const message = 'Static content takes the place of what Analytics might have said.';
      entry(isFault ? 'WARNING' : 'INFO', 'content-fallback', message, fields);
    },
    /** @param longestOpen how long the oldest of them has been open. */
    emailsResumed(count: number, moreAreDue: boolean, longestOpen: Millis) {
      const fields = { count, moreAreDue, longestOpenHours: Math.floor(longestOpen / HOUR) };
      entry('INFO', 'emails-resumed', `${count} open emails were due.`, fields);
    },
    sendingPaused() {
      entry('WARNING', 'sending-paused', 'Sending is paused: open emails wait.', {});
    },
  };
}

function emailSentences(entry: Entry) {
  return {
    emailSettled(email: ClaimedEmail, state: EmailState, content: Content | undefined) {
      const { customerId, emailId, transactionsAnswered: transactions } = email;
      entry(severityOfState(state), `email-${state.status}`, `An email is ${state.status}.`, {
        customerId,
        emailId,
        transactions,
        template: content?.template,
        contentId: content?.contentId,
        contentSource: content?.source,
        ...state,
      });
    },
    emailLeaseLost({ emailId, customerId }: ClaimedEmail) {
      const message = 'An email took too long to prepare; the next run sends it.';
      entry('WARNING', 'email-lease-lost', message, { emailId, customerId });
    },
    emailNotRendered({ emailId, customerId }: ClaimedEmail, error: unknown) {
      const fields = { emailId, customerId, error: describe(error) };
      entry('ERROR', 'email-not-rendered', 'An email could not be rendered; it waits for a fix.', fields);
    },
    emailNotSettled({ emailId, customerId }: ClaimedEmail, error: unknown) {
      const fields = { emailId, customerId, error: describe(error) };
      entry('ERROR', 'email-not-settled', 'What became of an email could not be stored.', fields);
    },
    emailNotResumed({ emailId, customerId }: ClaimedEmail, error: unknown) {
      const fields = { emailId, customerId, error: describe(error) };
      entry('ERROR', 'email-not-resumed', 'An open email could not be taken up; it stays due.', fields);
    },
  };
}

function customerSentences(entry: Entry) {
  return {
    /** A credit that moves has an event of its own, so that each sign-up is counted once. */
    conversionCredited(customerId: string, { emailId, movedFrom }: Credit) {
      const fields = { customerId, emailId, movedFrom };
      if (movedFrom === undefined)
        entry('INFO', 'conversion-credited', 'A sign-up was credited to an email.', fields);
      else entry('INFO', 'conversion-moved', 'The credit for a sign-up moved to another email.', fields);
    },
    unsubscribed(customerId: string, emailId: string, { choice, how }: UnsubscribeRequest) {
      const fields = { customerId, emailId, choice, how };
      entry('INFO', 'unsubscribed', `A customer made a choice about emails: ${choice}.`, fields);
    },
    customerSuppressed(customerId: string, reason: SuppressionReason) {
      const fields = { customerId, reason };
      entry('INFO', 'customer-suppressed', `A customer is not written to again: ${reason}.`, fields);
    },
  };
}

/** The events of one request to the webhook, counted. */
interface DeliveryCounts {
  readonly events: number;
  /** Emails that events were merged into. */
  readonly emails: number;
  /** Events that are not about an email in the ledger. */
  readonly foreign: number;
  /** Events of no known kind. */
  readonly ignored: number;
  /** Customers who get no more emails. */
  readonly suppressed: number;
}

function deliverySentences(entry: Entry) {
  return {
    deliveryRecorded(counts: DeliveryCounts) {
      entry('INFO', 'delivery-recorded', `SendGrid reported ${counts.events} events.`, { ...counts });
    },
    deliveryUnreadable(count: number) {
      const message = `${count} events of our emails could be read only in part, or not at all.`;
      entry('WARNING', 'delivery-unreadable', message, { count });
    },
    /** @param change one of SendGrid's own words. */
    accountChanged(change: string) {
      entry('ERROR', 'sendgrid-account-changed', `SendGrid changed our account: ${change}.`, { change });
    },
    /** @param cause the error behind a refusal that is not the sender's fault. */
    deliveryRefused(status: number, code: string, cause: unknown) {
      const fields = { status, code, error: describeCause(cause) };
      const message = `A request to the webhook was refused: ${code}.`;
      entry(severityOfStatus(status), 'delivery-refused', message, fields);
    },
  };
}

function failureSentences(entry: Entry) {
  return {
    eventUnreadable(functionName: string, context: Readonly<Record<string, string>>, error: unknown) {
      const fields = { function: functionName, ...context, error: describe(error) };
      entry('ERROR', 'event-unreadable', `${functionName} cannot read an event and drops it.`, fields);
    },
    functionFailed(functionName: string, context: Readonly<Record<string, string>>, error: unknown) {
      const fields = { function: functionName, ...context, error: describe(error) };
      entry('ERROR', 'function-failed', `${functionName} failed.`, fields);
    },
  };
}

function severityOfState({ status }: EmailState): Severity {
  if (status === 'accepted') return 'INFO';
  return status === 'rejected' ? 'ERROR' : 'WARNING';
}

function severityOfStatus(status: number): Severity {
  return status < 500 ? 'WARNING' : 'ERROR';
}

/** The fields that make Cloud Logging show a line below its request. */
function traceFields(projectId: string | undefined): Fields {
  const [, traceId, spanId] =
    /^[\da-f]{2}-([\da-f]{32})-([\da-f]{16})-/u.exec(currentTraceparent() ?? '') ?? [];
  if (projectId === undefined || traceId === undefined) return {};
  return {
    'logging.googleapis.com/trace': `projects/${projectId}/traces/${traceId}`,
    'logging.googleapis.com/spanId': spanId,
  };
}

function describeCause(cause: unknown): string | undefined {
  return cause === undefined ? undefined : describe(cause);
}

/** An error and its causes in one line, without anything that may be an address. */
function describe(error: unknown): string {
  if (!(error instanceof Error)) return withoutAddresses(String(error));
  const cause = error.cause === undefined ? '' : ` <- ${describe(error.cause)}`;
  return withoutAddresses(`${error.name}: ${error.message}`) + cause;
}
