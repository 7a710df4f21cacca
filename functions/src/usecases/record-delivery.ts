import pMap from 'p-map';
import {
  humanClickedAt,
  reportsOf,
  suppressionsByCustomer,
  type EmailReport,
  type Suppressions,
} from '../domain/delivery.ts';
import type { SuppressionReason } from '../domain/outreach.ts';
import type { Log } from '../log.ts';
import type { DeliveryReport } from '../messages/delivery-event.ts';
import type { DeliveryStore } from '../ports.ts';
import { creditConversion, type CreditConversion } from './credit-conversion.ts';

/** How many customers are looked at at the same time for sign-ups to credit. */
const CONCURRENCY = 10;

export interface RecordDelivery extends CreditConversion {
  readonly deliveries: DeliveryStore;
  readonly log: Log;
}

/**
 * SendGrid reports what became of emails: what it says is merged into them, and whoever must not be written to again
 * is suppressed. A click may change which email a sign-up is credited to. Reporting the same again, or in another order, or in other portions, ends in the same documents.
 * @throws RetryableError when not all of it could be stored: SendGrid must report all of it again.
 */
export async function recordDelivery(report: DeliveryReport, to: RecordDelivery): Promise<void> {
  for (const change of report.accountChanges) to.log.accountChanged(change);

  const reports = reportsOf(report.events);
  const unknown = await to.deliveries.merge(reports);
  const known = reports.filter(({ emailId }) => !unknown.has(emailId));
  const suppressions = suppressionsByCustomer(known);
  await to.deliveries.suppress(suppressions);
  await creditClickers(known, to);

  logSuppressions(suppressions, to.log);
  const ours = known.reduce((sum, { events }) => sum + events, 0);
  to.log.deliveryRecorded({
    events: report.events.length + report.foreign + report.ignored + report.accountChanges.length,
    emails: known.length,
    foreign: report.foreign + report.events.length - ours,
    ignored: report.ignored,
    suppressed: suppressions.size,
  });
}

async function creditClickers(reports: readonly EmailReport[], to: RecordDelivery): Promise<void> {
  const clicked = reports.filter(({ delivery }) => humanClickedAt(delivery) !== undefined);
  const customers = new Set(clicked.map(({ customerId }) => customerId));
  await pMap(customers, (customerId) => creditConversion(customerId, to), { concurrency: CONCURRENCY });
}

function logSuppressions(suppressions: ReadonlyMap<string, Suppressions>, log: Log): void {
  for (const [customerId, reasons] of suppressions) {
    for (const reason of Object.keys(reasons) as SuppressionReason[])
      log.customerSuppressed(customerId, reason);
  }
}
