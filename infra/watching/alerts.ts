import { metrics, metricType, type LogMetric } from './metrics.ts';

const MINUTE = 60;
const HOUR = 60 * MINUTE;

/** A condition of an alert. docs/operations.md has an entry for each alert, under its title. */
export type Condition =
  /** Something is above a limit, for as long as `lasting` seconds. */
  | {
      readonly kind: 'above';
      readonly filter: string;
      readonly limit: number;
      readonly lasting: number;
      /** How the values of one `period` (s) become one, and how the series do. */
      readonly aligner: 'ALIGN_DELTA' | 'ALIGN_MAX' | 'ALIGN_PERCENTILE_99';
      readonly reducer: 'REDUCE_SUM' | 'REDUCE_MAX';
      readonly period: number;
    }
  /** A query in PromQL has an answer for as long as `lasting` seconds: with the time it looks back, at most 25 hours. */
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

function subscriptions(metric: string, names: readonly string[], limit: number, lasting: number): Condition {
  const which = `one_of(${names.map((name) => `"${name}"`).join(',')})`;
  const filter =
    `metric.type="pubsub.googleapis.com/subscription/${metric}" AND resource.type="pubsub_subscription" ` +
    `AND resource.label.subscription_id=${which}`;
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
 * The series that the functions write to a metric, as PromQL names them: a colon for the first slash, underscores for
 * all else, and the kind of resource spelt out (https://docs.cloud.google.com/monitoring/promql/promql-mapping).
 */
function series(type: string, ...labels: readonly string[]): string {
  const name = type.replace('/', ':').replaceAll(/[^\w:]/gu, '_');
  return `${name}{${['monitored_resource="cloud_run_revision"', ...labels].join(',')}}`;
}

const requests = series('run.googleapis.com/request_count');
const errors = series('run.googleapis.com/request_count', 'response_code_class="5xx"');

/** Requests to the functions whose answer was an error of ours, among all: more than five in ten minutes. */
const errorRatio = `sum(increase(${errors}[10m])) > 5 and sum(increase(${errors}[10m])) / sum(increase(${requests}[10m])) > 0.05`;

const accepted = series(metricType(metrics.emails), 'outcome="accepted"');
const deliveries = series(metricType(metrics.deliveries));

/**
 * SendGrid took emails all day, and its webhook told of none. A count of log lines has points only where there were
 * lines, so that it is enough to ask whether there are any.
 */
const silence = `sum(count_over_time(${accepted}[24h])) > 0 unless sum(count_over_time(${deliveries}[24h])) > 0`;

/** It is heard of every five minutes. A query also sees that it has never run, unlike a condition on absence. */
const noResumption = `absent_over_time(${series(metricType(metrics.resumptions))}[15m])`;

export interface Watched {
  /** The subscriptions of the functions. */
  readonly subscriptions: readonly string[];
  /** The subscriptions that keep dead letters which no function takes. */
  readonly deadLetters: readonly string[];
  /** Whether SendGrid's webhook is set up: only then does its silence mean anything. */
  readonly webhook: boolean;
}

export function alerts(watched: Watched): Alert[] {
  return [...alertsOnMessages(watched), ...alertsOnEmails, ...(watched.webhook ? alertsOnWebhook : [])];
}

function alertsOnMessages({ subscriptions: taken, deadLetters }: Watched): Alert[] {
  return [
    {
      title: 'Messages in quarantine',
      severity: 'WARNING',
      conditions: [counted(metrics.quarantined, 0, 5 * MINUTE)],
    },
    {
      title: 'Dead letters waiting',
      severity: 'ERROR',
      conditions: [subscriptions('num_undelivered_messages', deadLetters, 0, 10 * MINUTE)],
    },
    {
      title: 'Functions failing',
      severity: 'ERROR',
      conditions: [{ kind: 'query', query: errorRatio, lasting: 5 * MINUTE }],
    },
    {
      title: 'Messages not taken',
      severity: 'ERROR',
      conditions: [subscriptions('oldest_unacked_message_age', taken, HOUR, 5 * MINUTE)],
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
        // An email that may have been taken waits a day for the webhook; nothing else takes that long.
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
      { kind: 'query', query: silence, lasting: HOUR },
      counted(metrics.webhookRefusals, 10, HOUR),
    ],
  },
];
