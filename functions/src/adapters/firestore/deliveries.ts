import { FieldValue, type BulkWriter, type Firestore } from '@google-cloud/firestore';
import type { EmailReport, Suppressions } from '../../domain/delivery.ts';
import { RetryableError } from '../../errors.ts';
import type { DeliveryStore } from '../../ports.ts';
import { status, statusOf } from './client.ts';

/** How often a write is tried that collides with another one on the same document; afterwards SendGrid tries again. */
const MAX_ATTEMPTS = 3;

/**
 * Merges what SendGrid reports into the ledger without reading it: one write for each email and each suppressed customer, all
 * of them earliest and latest times. Up to 20 of them go into one call, and up to 500 are under way at once.
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

/** Resolves when everything is written. It is not throttled: IDs are spread evenly, and an instance serves few requests. */
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
