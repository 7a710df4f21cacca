import { metrics, metricType, type LogMetric } from './metrics.ts';

/** https://cloud.google.com/monitoring/api/ref_v3/rest/v1/projects.dashboards */
export function dashboard(): object {
  const widgets = [
    lineChart('Purchases', counted(metrics.purchases, 'source')),
    lineChart('Emails by outcome', counted(metrics.emails, 'outcome')),
    lineChart('Skips by reason', counted(metrics.skips, 'reason')),
    lineChart('Conversions', counted(metrics.conversions)),
    lineChart('Latency of the functions, 95th percentile (ms)', latency()),
    lineChart('Emails by source of content', counted(metrics.emails, 'content')),
    lineChart('Quarantined', counted(metrics.quarantined, 'reason')),
    lineChart('Purchases with unfit parts', counted(metrics.leftOut, 'source')),
    lineChart('Failures', counted(metrics.failures, 'function')),
    lineChart('Unsubscribed', counted(metrics.unsubscribed, 'choice')),
    lineChart('Reports from SendGrid', counted(metrics.deliveries)),
  ];
  return { displayName: 'Farmacy personalization', gridLayout: { columns: '2', widgets } };
}

interface TimeSeries {
  readonly filter: string;
  readonly aggregation: object;
}

function lineChart(title: string, { filter, aggregation }: TimeSeries): object {
  return {
    title,
    xyChart: {
      dataSets: [{ plotType: 'LINE', timeSeriesQuery: { timeSeriesFilter: { filter, aggregation } } }],
    },
  };
}

function counted(metric: LogMetric, label?: string): TimeSeries {
  return {
    filter: `metric.type="${metricType(metric)}" AND resource.type="cloud_run_revision"`,
    aggregation: {
      alignmentPeriod: '300s',
      perSeriesAligner: 'ALIGN_DELTA',
      crossSeriesReducer: 'REDUCE_SUM',
      ...(label !== undefined && { groupByFields: [`metric.label."${label}"`] }),
    },
  };
}

function latency(): TimeSeries {
  return {
    filter: 'metric.type="run.googleapis.com/request_latencies" AND resource.type="cloud_run_revision"',
    aggregation: {
      alignmentPeriod: '300s',
      perSeriesAligner: 'ALIGN_PERCENTILE_95',
      crossSeriesReducer: 'REDUCE_MAX',
      groupByFields: ['resource.label."service_name"'],
    },
  };
}
