import * as gcp from '@pulumi/gcp';
import * as pulumi from '@pulumi/pulumi';
import { alerts, type Alert, type Condition, type Watched } from '../watching/alerts.ts';
import { dashboard } from '../watching/dashboard.ts';
import { metrics, type LogMetric } from '../watching/metrics.ts';

export interface WatchingArgs {
  readonly project: string;
  /** Who is told. */
  readonly email: string;
  readonly watched: Watched;
  /** The functions that write what is watched. */
  readonly functions: readonly pulumi.Resource[];
}

type PolicyCondition = gcp.types.input.monitoring.AlertPolicyCondition;

/** Counts what the functions log, shows it, and tells somebody when it is wrong. */
export class Watching extends pulumi.ComponentResource {
  constructor(args: WatchingArgs, options?: pulumi.ComponentResourceOptions) {
    super('farmacy:infra:Watching', 'watching', {}, options);
    const { project } = args;
    const counted = Object.values(metrics).map((metric) => this.#count(metric, project));
    const channel = new gcp.monitoring.NotificationChannel(
      'somebody',
      {
        project,
        displayName: 'Farmacy personalization',
        type: 'email',
        labels: { email_address: args.email },
      },
      { parent: this },
    );
    for (const alert of alerts(args.watched)) {
      this.#alert(alert, project, channel, [...counted, ...args.functions]);
    }
    new gcp.monitoring.Dashboard(
      'dashboard',
      { project, dashboardJson: JSON.stringify(dashboard()) },
      { parent: this },
    );
    this.registerOutputs({});
  }

  /**
   * The kind of a metric and its labels cannot be changed later, so that a metric with others needs another name
   * (https://cloud.google.com/logging/docs/api/reference/rest/v2/projects.metrics).
   */
  #count({ name, description, filter, labels = {}, value }: LogMetric, project: string) {
    return new gcp.logging.Metric(
      name,
      {
        project,
        name,
        description,
        filter,
        ...(value && {
          valueExtractor: extract(value.field),
          // One bucket an hour: the default ones double in width, and no limit could be told from its double.
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
   * An alert on a metric of which Monitoring has not heard is refused, for up to ten minutes after the metric was made
   * (https://github.com/hashicorp/terraform-provider-google/issues/11102). Building the functions takes some of them.
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
 * Periods of alignment are 60 s to 25 hours and durations whole minutes
 * (https://cloud.google.com/monitoring/api/ref_v3/rest/v3/projects.alertPolicies); for queries there are limits of
 * their own (https://docs.cloud.google.com/monitoring/alerts/using-promql).
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
          // Not refused when Monitoring has not heard of a metric yet; that the names are right is tested.
          disableMetricValidation: true,
        },
      };
  }
}
