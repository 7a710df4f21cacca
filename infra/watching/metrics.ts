/**
 * What is counted, and from which log lines (functions/src/log.ts). Cloud Logging's query language:
 * https://docs.cloud.google.com/logging/docs/view/logging-query-language.
 */
export interface LogMetric {
  readonly name: string;
  readonly description: string;
  readonly filter: string;
  /** Label and the field of the line that fills it. Every value is a time series, so only fields with few values. */
  readonly labels?: Readonly<Record<string, string>>;
  /** The field whose values are measured; without it, lines are counted. */
  readonly value?: { readonly field: string; readonly unit: string };
}

/** The lines that functions write; Cloud Run serves them. In this language, OR binds more tightly than AND. */
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
  quarantined: {
    name: 'quarantined',
    description: 'Messages that can never succeed, or that could not be delivered in time.',
    filter: event('message-quarantined'),
    labels: { reason: 'reason', topic: 'topic' },
  },
  emails: {
    name: 'emails',
    description: 'Emails by what became of them.',
    filter: lines('jsonPayload.event=~"^email-(accepted|rejected|deferred|unknown)$"'),
    labels: { outcome: 'status', content: 'contentSource', template: 'template' },
  },
  skips: {
    name: 'skips',
    description: 'Purchases that earned no email, by reason.',
    filter: event('outreach-skipped'),
    labels: { reason: 'reason' },
  },
  fallbacks: {
    name: 'fallbacks',
    description: 'Emails whose content Analytics might have chosen and did not.',
    filter: event('content-fallback'),
  },
  conversions: {
    name: 'conversions',
    description: 'Sign-ups that an email is credited with.',
    filter: event('conversion-credited'),
  },
  unsubscribed: {
    name: 'unsubscribed',
    description: 'Customers who chose what to get from now on.',
    filter: event('unsubscribed'),
    labels: { choice: 'choice' },
  },
  suppressed: {
    name: 'suppressed',
    description: 'Customers who are not written to again, because of what SendGrid reported.',
    filter: event('customer-suppressed'),
    labels: { reason: 'reason' },
  },
  failures: {
    name: 'failures',
    description: 'Events that a function could not handle.',
    filter: lines('jsonPayload.event=~"^(function-failed|event-unreadable)$"'),
    labels: { function: 'function' },
  },
  refusals: {
    name: 'sendgrid-refusals',
    description: 'Emails that SendGrid refused, other than for a while.',
    // 408 and 429 pass by themselves.
    filter: lines(
      'jsonPayload.event=~"^email-(rejected|deferred)$" AND ' +
        'jsonPayload.reason=~"^SendGrid answered 4" AND NOT jsonPayload.reason=~"^SendGrid answered (408|429)"',
    ),
  },
  abandoned: {
    name: 'abandoned',
    description: 'Emails that were given up, or that cannot be finished yet because something is broken.',
    filter: lines(
      '(jsonPayload.event="email-rejected" AND jsonPayload.reason=~"^(too-late|too-many-attempts)$") OR ' +
        'jsonPayload.event=~"^email-not-(rendered|settled|resumed)$"',
    ),
  },
  resumptions: {
    name: 'resumptions',
    description: 'Runs that look for open emails, or are kept from it by a person.',
    filter: lines('jsonPayload.event=~"^(emails-resumed|sending-paused)$"'),
  },
  longestOpen: {
    name: 'longest-open',
    description: 'How long the longest open of the due emails has been open, run by run.',
    filter: lines('jsonPayload.event="emails-resumed" AND jsonPayload.count>0'),
    value: { field: 'longestOpenHours', unit: 'h' },
  },
  deliveries: {
    name: 'deliveries',
    description: "Reports of SendGrid's webhook.",
    filter: event('delivery-recorded'),
  },
  webhookRefusals: {
    name: 'webhook-refusals',
    description: 'Requests to the webhook that were refused.',
    filter: event('delivery-refused'),
    labels: { code: 'code' },
  },
  ingestRefusals: {
    name: 'ingest-refusals',
    description: 'Requests of vendors that were refused.',
    filter: event('ingest-refused'),
    labels: { code: 'code' },
  },
  accountChanges: {
    name: 'account-changes',
    description: 'SendGrid changed what our account may do.',
    filter: event('sendgrid-account-changed'),
  },
} satisfies Record<string, LogMetric>;

/** The metric as Cloud Monitoring names it. */
export function metricType({ name }: LogMetric): string {
  return `logging.googleapis.com/user/${name}`;
}
