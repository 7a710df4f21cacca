import { FieldValue, type BulkWriter, type Firestore } from '@google-cloud/firestore';
import type { EmailReport, Suppressions } from '../../domain/delivery.ts';
import { RetryableError } from '../../errors.ts';
import type { DeliveryStore } from '../../ports.ts';
import { status, statusOf } from './client.ts';

/** The most attempts of a write that collides with another on the same document; afterwards SendGrid tries again. */
const MAX_ATTEMPTS = 3;

/**
 * Merges the reports of SendGrid into the ledger without a read: one write for each email and each suppressed customer, with
 * only earliest and latest times. One call takes up to 20 writes, and up to 500 run at the same time.
 */
export function firestoreDeliveries(firestore: Firestore): DeliveryStore {
  const emails = firestore.collection('emails');
  const outreach = firestore.collection('outreach');
  return {
    async merge(reports) {
      const unknown = new Set<string>();
      await inBulk(firestore, (writer) =>
        reports.map(async (report) => {
          try {
            await writer.update(emails.doc(report.emailId), emailUpdate(report));
          } catch (error) {
            if (statusOf(error) !== status.notFound) throw error;
            unknown.add(report.emailId);
          }
        }),
      );
      return unknown;
    },

    suppress: (customers) =>
      inBulk(firestore, (writer) =>
        [...customers].map(([customerId, suppressions]) =>
          writer.set(outreach.doc(customerId), { suppressions: earliest(suppressions) }, { merge: true }),
        ),
      ),
  };
}

/** Resolves when everything is written, without throttling: IDs are spread evenly, and an instance serves few requests. */
async function inBulk(firestore: Firestore, start: (writer: BulkWriter) => Promise<unknown>[]) {
  const writer = firestore.bulkWriter({ throttling: false });
  writer.onWriteError((error) => statusOf(error) === status.aborted && error.failedAttempts < MAX_ATTEMPTS);
  const [writes] = await Promise.all([Promise.allSettled(start(writer)), writer.close()]);
  const failed = writes.find((write) => write.status === 'rejected');
  if (failed)
    throw new RetryableError('A report about emails could not be stored.', { cause: failed.reason });
}

function emailUpdate({ heardOfAt, delivery: { clicks = {}, ...milestones } }: EmailReport) {
  const fields: Record<string, FieldValue> = { heardOfAt: FieldValue.minimum(heardOfAt) };
  for (const [milestone, at] of Object.entries(milestones)) {
    fields[`delivery.${milestone}`] = FieldValue.minimum(at);
  }
  for (const [link, { firstAt, lastAt }] of Object.entries(clicks)) {
    fields[`delivery.clicks.${link}.firstAt`] = FieldValue.minimum(firstAt);
    fields[`delivery.clicks.${link}.lastAt`] = FieldValue.maximum(lastAt);
  }
  return fields;
}

function earliest(suppressions: Suppressions) {
  return Object.fromEntries(
    Object.entries(suppressions).map(([reason, at]) => [reason, FieldValue.minimum(at)]),
  );
}
