/**
 * A log-based metric and the log lines that it counts (functions/src/log.ts). The query language of Cloud Logging:
 * https://docs.cloud.google.com/logging/docs/view/logging-query-language.
 */
export interface LogMetric {
  readonly name: string;
  readonly description: string;
  readonly filter: string;
  /** The field of the log line for each label. Each value makes a time series, so only fields with few values. */
  readonly labels?: Readonly<Record<string, string>>;
  /** The field whose values are measured. Without it, lines are counted. */
  readonly value?: { readonly field: string; readonly unit: string };
}

/** Selects log lines of the functions. The condition is in parentheses because OR binds more tightly than AND here. */
function lines(condition: string): string {
  return `resource.type="cloud_run_revision" AND (${condition})`;
}

const event = (name: string) => lines(`jsonPayload.event="${name}"`);

export const metrics = {
  purchases: {
    name: 'purchases',
    description: 'Purchases recorded.',
    filter: event('transaction-recorded'),
    labels: { source: 'source' },
  },
  leftOut: {
    name: 'left-out',
    description: 'Purchases recorded without a part that was unfit.',
    filter: lines('jsonPayload.event="transaction-recorded" AND jsonPayload.leftOut>0'),
    labels: { source: 'source' },
  },
  quarantined: {
    name: 'quarantined',
    description: 'Messages in quarantine: invalid, or not delivered in time.',
    filter: event('message-quarantined'),
    labels: { reason: 'reason', topic: 'topic' },
  },
  emails: {
    name: 'emails',
    description: 'Emails by outcome.',
    filter: lines('jsonPayload.event=~"^email-(accepted|rejected|deferred|unknown)$"'),
    labels: { outcome: 'status', content: 'contentSource', template: 'template' },
  },
  skips: {
    name: 'skips',
    description: 'Purchases without an email, by reason.',
    filter: event('outreach-skipped'),
    labels: { reason: 'reason' },
  },
  fallbacks: {
    name: 'fallbacks',
    description: 'Emails with the fallback content because Analytics chose none.',
    filter: event('content-fallback'),
  },
  conversions: {
    name: 'conversions',
    description: 'Sign-ups that are credited to an email.',
    filter: event('conversion-credited'),
  },
  unsubscribed: {
    name: 'unsubscribed',
    description: 'Choices of customers on the unsubscribe page.',
    filter: event('unsubscribed'),
    labels: { choice: 'choice' },
  },
  suppressed: {
    name: 'suppressed',
    description: 'Customers who get no more emails because of a report from SendGrid.',
    filter: event('customer-suppressed'),
    labels: { reason: 'reason' },
  },
  failures: {
    name: 'failures',
    description: 'Events that a function failed to handle.',
    filter: lines('jsonPayload.event=~"^(function-failed|event-unreadable)$"'),
    labels: { function: 'function' },
  },
  refusals: {
    name: 'sendgrid-refusals',
    description: 'Emails that SendGrid refused, except temporarily.',
    // 408 and 429 are temporary.
    filter: lines(
      'jsonPayload.event=~"^email-(rejected|deferred)$" AND ' +
        'jsonPayload.reason=~"^SendGrid answered 4" AND NOT jsonPayload.reason=~"^SendGrid answered (408|429)"',
    ),
  },
  abandoned: {
    name: 'abandoned',
    description: 'Emails that were given up, and emails that an error keeps open.',
    filter: lines(
      '(jsonPayload.event="email-rejected" AND jsonPayload.reason=~"^(too-late|too-many-attempts)$") OR ' +
        'jsonPayload.event=~"^email-not-(rendered|settled|resumed)$"',
    ),
  },
  resumptions: {
    name: 'resumptions',
    description: 'Runs of resumeEmails, including those while sending is paused.',
    filter: lines('jsonPayload.event=~"^(emails-resumed|sending-paused)$"'),
  },
  longestOpen: {
    name: 'longest-open',
    description: 'The age of the oldest due email, per run of resumeEmails.',
    filter: lines('jsonPayload.event="emails-resumed" AND jsonPayload.count>0'),
    value: { field: 'longestOpenHours', unit: 'h' },
  },
  deliveries: {
    name: 'deliveries',
    description: "Reports from SendGrid's webhook.",
    filter: event('delivery-recorded'),
  },
  unreadableEvents: {
    name: 'unreadable-events',
    description: "Reports from SendGrid's webhook with events of our emails that cannot be read.",
    filter: event('delivery-unreadable'),
  },
  webhookRefusals: {
    name: 'webhook-refusals',
    description: 'Refused requests to the webhook.',
    filter: event('delivery-refused'),
    labels: { code: 'code' },
  },
  ingestRefusals: {
    name: 'ingest-refusals',
    description: 'Refused requests of vendors.',
    filter: event('ingest-refused'),
    labels: { code: 'code' },
  },
  accountChanges: {
    name: 'account-changes',
    description: 'Changes by SendGrid to the permissions of the account.',
    filter: event('sendgrid-account-changed'),
  },
} satisfies Record<string, LogMetric>;

/** The name of the metric in Cloud Monitoring. */
export function metricType({ name }: LogMetric): string {
  return `logging.googleapis.com/user/${name}`;
}
