import * as gcp from '@pulumi/gcp';
import * as pulumi from '@pulumi/pulumi';
import { alerts, type Alert, type Condition, type Monitored } from '../monitoring/alerts.ts';
import { dashboard } from '../monitoring/dashboard.ts';
import { metrics, type LogMetric } from '../monitoring/metrics.ts';

export interface MonitoringArgs {
  readonly project: string;
  /** The recipient of alerts. */
  readonly email: string;
  readonly monitored: Monitored;
  /** The deployed functions. */
  readonly functions: readonly pulumi.Resource[];
}

type PolicyCondition = gcp.types.input.monitoring.AlertPolicyCondition;

/** Log-based metrics, alerts by email, and a dashboard. */
export class Monitoring extends pulumi.ComponentResource {
  constructor(args: MonitoringArgs, options?: pulumi.ComponentResourceOptions) {
    super('farmacy:infra:Monitoring', 'monitoring', {}, options);
    const { project } = args;
    const logMetrics = Object.values(metrics).map((metric) => this.#measure(metric, project));
    const channel = new gcp.monitoring.NotificationChannel(
      'alerts',
      {
        project,
        displayName: 'Farmacy personalization',
        type: 'email',
        labels: { email_address: args.email },
      },
      { parent: this },
    );
    for (const alert of alerts(args.monitored)) {
      this.#alert(alert, project, channel, [...logMetrics, ...args.functions]);
    }
    new gcp.monitoring.Dashboard(
      'dashboard',
      { project, dashboardJson: JSON.stringify(dashboard()) },
      { parent: this },
    );
    this.registerOutputs({});
  }

  /**
   * The type and the labels of a metric cannot be changed later: to change them, rename the metric
   * (https://cloud.google.com/logging/docs/api/reference/rest/v2/projects.metrics).
   */
  #measure({ name, description, filter, labels = {}, value }: LogMetric, project: string) {
    return new gcp.logging.Metric(
      name,
      {
        project,
        name,
        description,
        filter,
        ...(value && {
          valueExtractor: extract(value.field),
          // One bucket per hour. The default buckets double in width, which is too coarse for a limit.
          bucketOptions: { linearBuckets: { numFiniteBuckets: 100, width: 1, offset: 0 } },
        }),
        labelExtractors: Object.fromEntries(
          Object.entries(labels).map(([label, field]) => [label, extract(field)]),
        ),
        metricDescriptor: {
          metricKind: 'DELTA',
          valueType: value ? 'DISTRIBUTION' : 'INT64',
          unit: value?.unit ?? '1',
          labels: Object.keys(labels).map((key) => ({ key, valueType: 'STRING' })),
        },
      },
      { parent: this },
    );
  }

  /**
   * Google refuses an alert on a new metric for up to ten minutes
   * (https://github.com/hashicorp/terraform-provider-google/issues/11102). Waiting for the functions takes some of that time.
   */
  #alert(
    alert: Alert,
    project: string,
    channel: gcp.monitoring.NotificationChannel,
    dependsOn: pulumi.Resource[],
  ) {
    const { title, severity, conditions } = alert;
    const section = title.toLowerCase().replaceAll(' ', '-');
    new gcp.monitoring.AlertPolicy(
      section,
      {
        project,
        displayName: title,
        severity,
        combiner: 'OR',
        conditions: conditions.map((condition, index) =>
          policyCondition(`${title} (${index + 1})`, condition),
        ),
        notificationChannels: [channel.name],
        documentation: {
          mimeType: 'text/markdown',
          content: `What to do: docs/operations.md, section "${title}".`,
        },
        alertStrategy: { autoClose: '86400s' },
      },
      { parent: this, dependsOn },
    );
  }
}

function extract(field: string): string {
  return `EXTRACT(jsonPayload.${field})`;
}

/**
 * An alignment period is 60 s to 25 hours, and a duration is in whole minutes
 * (https://cloud.google.com/monitoring/api/ref_v3/rest/v3/projects.alertPolicies). Queries have limits of their own
 * (https://docs.cloud.google.com/monitoring/alerts/using-promql).
 */
function policyCondition(displayName: string, condition: Condition): PolicyCondition {
  const duration = `${condition.lasting}s`;
  switch (condition.kind) {
    case 'above':
      return {
        displayName,
        conditionThreshold: {
          filter: condition.filter,
          comparison: 'COMPARISON_GT',
          thresholdValue: condition.limit,
          duration,
          aggregations: [
            {
              alignmentPeriod: `${condition.period}s`,
              perSeriesAligner: condition.aligner,
              crossSeriesReducer: condition.reducer,
            },
          ],
        },
      };
    case 'query':
      return {
        displayName,
        conditionPrometheusQueryLanguage: {
          query: condition.query,
          duration,
          evaluationInterval: '60s',
          // Otherwise Google refuses a query on a metric without data. A test checks the names instead.
          disableMetricValidation: true,
        },
      };
  }
}
