import type { MessageFault } from '../domain/quarantine.ts';
import type { Log } from '../log.ts';
import { decodeTransaction } from '../messages/transaction.ts';
import type { Clock, TransactionPublisher } from '../ports.ts';

export interface IngestTransactions {
  readonly publisher: TransactionPublisher;
  readonly clock: Clock;
  readonly log: Log;
}

/** What became of one entry of a request. */
type EntryResult =
  | { readonly index: number; readonly status: 'accepted'; readonly messageId: string }
  | { readonly index: number; readonly status: 'rejected'; readonly details: readonly string[] };

export interface IngestReport {
  readonly accepted: number;
  readonly rejected: number;
  /** One for each entry, in their order. */
  readonly results: readonly EntryResult[];
}

/**
 * A vendor reports purchases: those that keep to the contract are published as they were written, and the vendor is
 * told about each.
 * @param entries JSON of one purchase each.
 * @throws RetryableError when one could not be published: the vendor must report all of them again, which does no harm.
 */
export async function ingestTransactions(
  entries: readonly Uint8Array[],
  vendor: string,
  to: IngestTransactions,
): Promise<IngestReport> {
  const now = to.clock();
  const results = await Promise.all(
    entries.map(async (data, index): Promise<EntryResult> => {
      const fault = faultIn(data, now);
      if (fault !== undefined) return { index, status: 'rejected', details: fault.details };
      return { index, status: 'accepted', messageId: await to.publisher.publish(data, { vendor }) };
    }),
  );
  const accepted = results.filter(({ status }) => status === 'accepted').length;
  const rejected = results.length - accepted;
  to.log.transactionsIngested(vendor, accepted, rejected);
  return { accepted, rejected, results };
}

function faultIn(data: Uint8Array, now: number): MessageFault | undefined {
  const decoded = decodeTransaction(data, now);
  return 'fault' in decoded ? decoded.fault : undefined;
}
