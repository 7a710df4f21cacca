import { metrics, metricType, type LogMetric } from './metrics.ts';

const MINUTE = 60;
const HOUR = 60 * MINUTE;

/** A condition of an alert. docs/operations.md has a section for each alert, under its title. */
export type Condition =
  /** A metric is above a limit for `lasting` seconds. */
  | {
      readonly kind: 'above';
      readonly filter: string;
      readonly limit: number;
      readonly lasting: number;
      /** How the values of one `period` (in seconds) are combined, and then those of all time series. */
      readonly aligner: 'ALIGN_DELTA' | 'ALIGN_MAX' | 'ALIGN_PERCENTILE_99';
      readonly reducer: 'REDUCE_SUM' | 'REDUCE_MAX';
      readonly period: number;
    }
  /** A PromQL query has a result for `lasting` seconds. With the range of the query, that is at most 25 hours. */
  | { readonly kind: 'query'; readonly query: string; readonly lasting: number };

export interface Alert {
  readonly title: string;
  readonly severity: 'WARNING' | 'ERROR' | 'CRITICAL';
  readonly conditions: readonly Condition[];
}

function counted(metric: LogMetric, limit: number, period: number, lasting = 0): Condition {
  const filter = `metric.type="${metricType(metric)}" AND resource.type="cloud_run_revision"`;
  return { kind: 'above', filter, limit, lasting, aligner: 'ALIGN_DELTA', reducer: 'REDUCE_SUM', period };
}

function inSubscriptions(
  metric: string,
  names: readonly string[],
  limit: number,
  lasting: number,
): Condition {
  const oneOf = `one_of(${names.map((name) => `"${name}"`).join(',')})`;
  const filter =
    `metric.type="pubsub.googleapis.com/subscription/${metric}" AND resource.type="pubsub_subscription" ` +
    `AND resource.label.subscription_id=${oneOf}`;
  return {
    kind: 'above',
    filter,
    limit,
    lasting,
    aligner: 'ALIGN_MAX',
    reducer: 'REDUCE_MAX',
    period: 5 * MINUTE,
  };
}

/**
 * The time series of the functions in a metric, in PromQL: the first slash becomes a colon, other special characters become
 * underscores (https://docs.cloud.google.com/monitoring/promql/promql-mapping).
 */
function series(type: string, ...labels: readonly string[]): string {
  const name = type.replace('/', ':').replaceAll(/[^\w:]/gu, '_');
  return `${name}{${['monitored_resource="cloud_run_revision"', ...labels].join(',')}}`;
}

const requests = series('run.googleapis.com/request_count');
const errors = series('run.googleapis.com/request_count', 'response_code_class="5xx"');

/** More than five requests in ten minutes failed with a server error, and more than 5 % of all requests. */
const errorRatio = `sum(increase(${errors}[10m])) > 5 and sum(increase(${errors}[10m])) / sum(increase(${requests}[10m])) > 0.05`;

const accepted = series(metricType(metrics.emails), 'outcome="accepted"');
const deliveries = series(metricType(metrics.deliveries));

/**
 * SendGrid accepted emails in the last day, and its webhook reported nothing. A log-based metric has points only for
 * intervals with log lines, so that counting points is enough.
 */
const silentWebhook = `sum(count_over_time(${accepted}[24h])) > 0 unless sum(count_over_time(${deliveries}[24h])) > 0`;

/** The function runs every five minutes. Unlike a condition on absence, this query also notices that it never ran. */
const noResumption = `absent_over_time(${series(metricType(metrics.resumptions))}[15m])`;

export interface Monitored {
  /** The names of the functions' subscriptions. */
  readonly subscriptions: readonly string[];
  /** The names of the subscriptions that keep dead letters which no function handles. */
  readonly deadLetterSubscriptions: readonly string[];
  /** Whether SendGrid's webhook is set up. */
  readonly webhook: boolean;
}

export function alerts(monitored: Monitored): Alert[] {
  return [...alertsOnMessages(monitored), ...alertsOnEmails, ...(monitored.webhook ? alertsOnWebhook : [])];
}

function alertsOnMessages({ subscriptions, deadLetterSubscriptions }: Monitored): Alert[] {
  return [
    {
      title: 'Messages in quarantine',
      severity: 'WARNING',
      conditions: [counted(metrics.quarantined, 0, 5 * MINUTE)],
    },
    {
      title: 'Dead letters waiting',
      severity: 'ERROR',
      conditions: [inSubscriptions('num_undelivered_messages', deadLetterSubscriptions, 0, 10 * MINUTE)],
    },
    {
      title: 'Functions failing',
      severity: 'ERROR',
      conditions: [{ kind: 'query', query: errorRatio, lasting: 5 * MINUTE }],
    },
    {
      title: 'Messages not processed',
      severity: 'ERROR',
      conditions: [inSubscriptions('oldest_unacked_message_age', subscriptions, HOUR, 5 * MINUTE)],
    },
  ];
}

const alertsOnEmails: readonly Alert[] = [
  {
    title: 'Emails open too long',
    severity: 'ERROR',
    conditions: [
      {
        kind: 'above',
        filter: `metric.type="${metricType(metrics.longestOpen)}" AND resource.type="cloud_run_revision"`,
        // In hours. An email of unknown outcome waits a day for the webhook; everything else is faster.
        limit: 36,
        lasting: 0,
        aligner: 'ALIGN_PERCENTILE_99',
        reducer: 'REDUCE_MAX',
        period: HOUR,
      },
      counted(metrics.abandoned, 0, 15 * MINUTE),
      { kind: 'query', query: noResumption, lasting: 15 * MINUTE },
    ],
  },
  {
    title: 'SendGrid refuses emails',
    severity: 'CRITICAL',
    conditions: [counted(metrics.refusals, 5, HOUR), counted(metrics.accountChanges, 0, HOUR)],
  },
];

const alertsOnWebhook: readonly Alert[] = [
  {
    title: 'Webhook silent',
    severity: 'ERROR',
    conditions: [
      { kind: 'query', query: silentWebhook, lasting: HOUR },
      counted(metrics.webhookRefusals, 10, HOUR),
    ],
  },
  {
    title: 'Webhook not understood',
    severity: 'WARNING',
    conditions: [counted(metrics.unreadableEvents, 0, HOUR)],
  },
];
