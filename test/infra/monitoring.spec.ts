import { readFileSync } from 'node:fs';
import { expect } from 'chai';
import { transactionRecord } from '../../functions/src/domain/transaction-record.ts';
import type { ClaimedEmail, EmailState } from '../../functions/src/domain/email.ts';
import type { Log } from '../../functions/src/log.ts';
import { alerts } from '../../infra/monitoring/alerts.ts';
import { metrics, metricType, type LogMetric } from '../../infra/monitoring/metrics.ts';
import { dryRun, type DeclaredResource } from '../../infra/dry-run.ts';
import { customer } from '../support/customers.ts';
import { recordingLog, type LogLine } from '../support/log.ts';
import { filterOf, type LogEntry } from '../support/logging-filter.ts';
import { publishedMessage } from '../support/messages.ts';
import { day, hour, now, transaction } from '../support/transactions.ts';

const message = publishedMessage({});
const record = transactionRecord(
  transaction(),
  { hashKey: 'k'.repeat(32), controlGroupShare: 0, transactionRetention: day },
  now,
);
const email: ClaimedEmail = {
  emailId: 'c1~1',
  customerId: 'c1',
  sequence: 1,
  stage: 'transactional',
  transactionsAnswered: 1,
  claimedAt: now,
  attemptedAt: now,
  attempts: 1,
  dueAt: now,
};
const content = {
  contentId: 'welcome',
  source: 'static',
  template: 'join',
  subject: 'A subject',
  variables: {},
} as const;
const states: EmailState[] = [
  { status: 'accepted', acceptedAt: now, messageId: 'message-1' },
  { status: 'rejected', rejectedAt: now, reason: 'SendGrid answered 400: The from address is wrong (from)' },
  { status: 'rejected', rejectedAt: now, reason: 'too-late' },
  { status: 'rejected', rejectedAt: now, reason: 'signed-up' },
  { status: 'deferred', dueAt: now, reason: 'SendGrid answered 401: no [check the API key]' },
  { status: 'deferred', dueAt: now, reason: 'SendGrid answered 429: too many requests' },
  { status: 'unknown', dueAt: now, reason: 'timeout' },
];

/** Every line that the functions can log, with each variant that a metric distinguishes. */
const logCalls: { readonly [Line in keyof Log]: readonly Parameters<Log[Line]>[] } = {
  transactionRecorded: [
    [message, record],
    [message, { ...record, transaction: transaction({ leftOut: ['items[0].name'] }) }],
  ],
  reversalIgnored: [[message, 'point-of-sale', 'refund']],
  transactionDuplicate: [[message, record]],
  messageQuarantined: [[message, { reason: 'invalid-json', details: ['not JSON'] }]],
  transactionsIngested: [['acme', 2, 1]],
  ingestRefused: [[401, 'unknown-key', undefined]],
  outreachSkipped: [[customer(), 'cooldown']],
  contentFallback: [
    [{ customerId: 'c1', stage: 'transactional', locale: 'en', sequence: 1 }, 'nothing-to-say'],
  ],
  emailNotRendered: [[email, new Error('no such filter')]],
  emailSettled: states.map((state) => [email, state, content]),
  emailNotSettled: [[email, new Error('unavailable')]],
  emailLeaseLost: [[email]],
  emailNotResumed: [[email, new Error('unavailable')]],
  engagementRecorded: [[message, 'c1', 'signed-up']],
  conversionCredited: [
    ['c1', { emailId: 'c1~1' }],
    ['c1', { emailId: 'c1~2', movedFrom: 'c1~1' }],
  ],
  firstStepsSkipped: [['c1', 'engaged']],
  firstStepsFailed: [['c1', new Error('unavailable')]],
  emailsResumed: [
    [0, false, 0],
    [3, false, 40 * hour],
  ],
  sendingPaused: [[]],
  unsubscribed: [['c1', 'c1~1', { choice: 'stop', how: 'page' }]],
  deliveryRecorded: [[{ events: 1, emails: 1, foreign: 0, ignored: 0, suppressed: 0 }]],
  deliveryUnreadable: [[1]],
  customerSuppressed: [['c1', 'bounced']],
  accountChanged: [['suspended']],
  deliveryRefused: [[401, 'bad-signature', undefined]],
  eventUnreadable: [['targetCustomer', {}, new Error('invalid wire type')]],
  functionFailed: [['recordTransaction', {}, new Error('unavailable')]],
};

/** The log entries that Cloud Logging makes of the lines: the severity is a field of its own, the rest is the payload. */
function logEntries(): LogEntry[] {
  const { log, lines } = recordingLog();
  for (const [name, calls] of Object.entries(logCalls)) {
    const methods = log as unknown as Readonly<Record<string, (...args: readonly unknown[]) => void>>;
    for (const call of calls) methods[name]?.(...(call as readonly unknown[]));
  }
  return lines.map(({ severity: _, ...jsonPayload }: LogLine) => ({
    resource: { type: 'cloud_run_revision' },
    jsonPayload,
  }));
}

interface PolicyCondition {
  readonly conditionThreshold?: {
    readonly duration: string;
    readonly aggregations: readonly { readonly alignmentPeriod: string }[];
  };
  readonly conditionPrometheusQueryLanguage?: {
    readonly query: string;
    readonly duration: string;
    readonly disableMetricValidation?: boolean;
  };
}

/** Parses a duration such as `300s`, `15m` or `24h`. */
function seconds(time: string): number {
  const unit = { s: 1, m: 60, h: 3600 }[time.slice(-1)];
  return Number.parseInt(time, 10) * (unit ?? Number.NaN);
}

describe('monitoring', () => {
  const entries = logEntries();
  const named: [string, LogMetric][] = Object.entries(metrics);

  for (const [name, metric] of named) {
    it(`counts ${name} from lines that the functions write, with every label`, () => {
      const counted = entries.filter(filterOf(metric.filter));
      expect(counted).to.not.have.length(0);
      expect(counted.length).to.be.lessThan(entries.length);
      for (const field of [
        ...Object.values(metric.labels ?? {}),
        ...(metric.value ? [metric.value.field] : []),
      ]) {
        for (const { jsonPayload } of counted) expect(jsonPayload, name).to.have.property(field);
      }
    });
  }

  it('counts permanent refusals by SendGrid and no temporary ones', () => {
    const reasons = entries
      .filter(filterOf(metrics.refusals.filter))
      .map(({ jsonPayload }) => jsonPayload['reason']);
    expect(reasons).to.have.length(2);
    expect(reasons.join()).to.include('answered 400').and.to.include('answered 401');
  });

  it('counts emails that stay open or are given up as abandoned, and no others', () => {
    const events = entries
      .filter(filterOf(metrics.abandoned.filter))
      .map(({ jsonPayload }) => jsonPayload['event']);
    expect(events).to.have.members([
      'email-rejected',
      'email-not-rendered',
      'email-not-settled',
      'email-not-resumed',
    ]);
  });

  it('has a filter parser in its tests that refuses unknown syntax', () => {
    expect(() => filterOf('jsonPayload.event:"x"')).to.throw();
    expect(() => filterOf('jsonPayload.a="x" jsonPayload.b="y"')).to.throw();
  });

  describe('in production', () => {
    let resources: readonly DeclaredResource[];
    before(async function () {
      this.timeout(60_000);
      ({ resources } = await dryRun('prod'));
    });
    const all = (type: string) =>
      resources.filter((it) => it.type === `gcp:${type}`).map(({ inputs }) => inputs);

    it('alerts on existing metrics, with a section for each alert in the runbook', () => {
      const policies = all('monitoring/alertPolicy:AlertPolicy');
      const runbook = readFileSync('docs/operations.md', 'utf8');
      const known = new Set(named.map(([, metric]) => metricType(metric)));
      const inQueries = named.map(([, { name }]) => name.replaceAll('-', '_'));
      for (const { displayName, conditions } of policies) {
        expect(runbook).to.include(`### ${String(displayName)}\n`);
        const own = JSON.stringify(conditions).matchAll(/logging\.googleapis\.com\/user\/[\w-]+/gu);
        for (const [type] of own) expect(known.has(type), type).to.equal(true);
        const queried = JSON.stringify(conditions).matchAll(/logging_googleapis_com:user_(\w+)/gu);
        for (const [, name = ''] of queried) expect(inQueries, name).to.include(name);
      }
      expect(policies).to.have.length(
        alerts({ subscriptions: [], deadLetterSubscriptions: [], webhook: true }).length,
      );
    });

    it('keeps each condition within the limits of Google', () => {
      const conditions = all('monitoring/alertPolicy:AlertPolicy').flatMap(
        ({ conditions: own }) => own as PolicyCondition[],
      );
      const thresholds = conditions.flatMap(({ conditionThreshold }) => conditionThreshold ?? []);
      const queries = conditions.flatMap(
        ({ conditionPrometheusQueryLanguage }) => conditionPrometheusQueryLanguage ?? [],
      );
      expect(thresholds.length + queries.length).to.equal(conditions.length);
      for (const { duration } of [...thresholds, ...queries]) expect(seconds(duration) % 60).to.equal(0);
      for (const { alignmentPeriod } of thresholds.flatMap(({ aggregations }) => aggregations)) {
        expect(seconds(alignmentPeriod)).to.be.within(60, seconds('25h'));
      }
      for (const { query, duration, disableMetricValidation } of queries) {
        const ranges = [...query.matchAll(/\[(\w+)\]/gu)].map(([, window = '']) => seconds(window));
        expect(Math.max(...ranges) + seconds(duration)).to.be.within(120, seconds('25h'));
        expect(disableMetricValidation).to.equal(true);
      }
    });

    it('alerts on a silent webhook only after SendGrid has accepted emails', () => {
      const policies = JSON.stringify(all('monitoring/alertPolicy:AlertPolicy'));
      expect(policies).to.match(/user_emails\{[^}]*outcome=\\"accepted\\"\}\[24h\]/u);
      const outcomes = entries
        .filter(filterOf(metrics.emails.filter))
        .map(({ jsonPayload }) => jsonPayload[metrics.emails.labels.outcome]);
      expect(outcomes).to.include('accepted');
    });

    it('monitors every subscription', () => {
      const existing = all('pubsub/subscription:Subscription').map(({ name }) => String(name));
      const monitored = JSON.stringify(all('monitoring/alertPolicy:AlertPolicy')).matchAll(
        /one_of\((.*?)\)/gu,
      );
      const names = [...monitored].flatMap(([, list = '']) => list.replaceAll(/[\\"]/gu, '').split(','));
      expect(names).to.have.members(existing);
    });

    it('sends every alert to the configured address', () => {
      const [channel] = all('monitoring/notificationChannel:NotificationChannel');
      expect(channel).to.deep.include({
        type: 'email',
        labels: { email_address: 'platform@farmacy.example' },
      });
      for (const { notificationChannels } of all('monitoring/alertPolicy:AlertPolicy')) {
        expect(notificationChannels).to.have.length(1);
      }
    });

    it('shows the most important charts on the dashboard, from existing metrics', () => {
      const [{ dashboardJson } = {}] = all('monitoring/dashboard:Dashboard');
      const text = String(dashboardJson);
      for (const title of ['Purchases', 'Emails by outcome', 'Skips by reason', 'Latency', 'Conversions']) {
        expect(text).to.include(`"title":"${title}`);
      }
      const declared = all('logging/metric:Metric').map(
        ({ name }) => `logging.googleapis.com/user/${String(name)}`,
      );
      for (const [type] of text.matchAll(/logging\.googleapis\.com\/user\/[\w-]+/gu)) {
        expect(declared).to.include(type);
      }
    });

    it('has a budget, and dev has neither a budget nor alerts', async function () {
      this.timeout(60_000);
      expect(all('billing/budget:Budget')[0]).to.deep.include({
        amount: { specifiedAmount: { units: '100' } },
        budgetFilter: { projects: ['projects/123456789012'] },
      });
      const types = (await dryRun('dev')).resources.map(({ type }) => type);
      expect(types).to.not.include('gcp:billing/budget:Budget');
      expect(types).to.not.include('gcp:monitoring/alertPolicy:AlertPolicy');
    });
  });
});
