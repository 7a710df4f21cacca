import pMap from 'p-map';
import {
  humanClickedAt,
  reportsOf,
  suppressionsByCustomer,
  type DeliveryReport,
  type EmailReport,
  type Suppressions,
} from '../domain/delivery.ts';
import type { SuppressionReason } from '../domain/outreach.ts';
import type { Log } from '../log.ts';
import type { DeliveryStore } from '../ports.ts';
import type { CreditConversion } from './credit-conversion.ts';

/** How many customers are credited at the same time: each takes a transaction. */
const CONCURRENCY = 10;

/**
 * SendGrid reports events of emails: they are merged into the emails, and customers who must get no more emails are suppressed.
 * A click may change which email a sign-up is credited to. Any repetition, order and division of the reports ends in the same
 * documents.
 * @throws RetryableError when a part could not be stored: SendGrid must report everything again.
 */
export type RecordDelivery = (report: DeliveryReport) => Promise<void>;

export function createRecordDelivery({
  deliveries,
  creditConversion,
  log,
}: {
  readonly deliveries: DeliveryStore;
  readonly creditConversion: CreditConversion;
  readonly log: Log;
}): RecordDelivery {
  return async (report) => {
    for (const change of report.accountChanges) log.accountChanged(change);

    const reports = reportsOf(report.events);
    const unknown = await deliveries.merge(reports);
    const known = reports.filter(({ emailId }) => !unknown.has(emailId));
    const suppressions = suppressionsByCustomer(known);
    await deliveries.suppress(suppressions);
    await pMap(customersWhoClicked(known), creditConversion, { concurrency: CONCURRENCY });

    logSuppressions(suppressions, log);
    if (report.unreadable > 0) log.deliveryUnreadable(report.unreadable);
    const ours = known.reduce((sum, { events }) => sum + events, 0);
    log.deliveryRecorded({
      events: report.events.length + report.foreign + report.ignored + report.accountChanges.length,
      emails: known.length,
      foreign: report.foreign + report.events.length - ours,
      ignored: report.ignored,
      suppressed: suppressions.size,
    });
  };
}

function customersWhoClicked(reports: readonly EmailReport[]): ReadonlySet<string> {
  const clicked = reports.filter(({ delivery }) => humanClickedAt(delivery) !== undefined);
  return new Set(clicked.map(({ customerId }) => customerId));
}

function logSuppressions(suppressions: ReadonlyMap<string, Suppressions>, log: Log): void {
  for (const [customerId, reasons] of suppressions) {
    for (const reason of Object.keys(reasons) as SuppressionReason[])
      log.customerSuppressed(customerId, reason);
  }
}
