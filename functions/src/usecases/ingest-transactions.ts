import type { MessageFault } from '../domain/quarantine.ts';
import type { Log } from '../log.ts';
import type { TransactionPublisher } from '../ports.ts';

/** One entry of a vendor's request: the message to publish, with what of it is unfit and will be left out, or how it breaks the contract. */
export type IngestEntry =
  { readonly data: Uint8Array; readonly leftOut?: readonly string[] } | { readonly fault: MessageFault };

/** The result of one entry of a request. */
type EntryResult =
  | {
      readonly index: number;
      readonly status: 'accepted';
      readonly messageId: string;
      readonly leftOut?: readonly string[];
    }
  | { readonly index: number; readonly status: 'rejected'; readonly details: readonly string[] };

export interface IngestReport {
  readonly accepted: number;
  readonly rejected: number;
  /** One for each entry, in their order. */
  readonly results: readonly EntryResult[];
}

/**
 * A vendor reports purchases: the valid ones are published, and the vendor gets a result for each.
 * @throws RetryableError when one could not be published: the vendor must report all of them again, which does no harm.
 */
export type IngestTransactions = (entries: readonly IngestEntry[], vendor: string) => Promise<IngestReport>;

export function createIngestTransactions({
  publisher,
  log,
}: {
  readonly publisher: TransactionPublisher;
  readonly log: Log;
}): IngestTransactions {
  return async (entries, vendor) => {
    const results = await Promise.all(
      entries.map(async (entry, index): Promise<EntryResult> => {
        if ('fault' in entry) return { index, status: 'rejected', details: entry.fault.details };
        const { data, leftOut } = entry;
        const messageId = await publisher.publish(data, { vendor });
        return { index, status: 'accepted', messageId, ...(leftOut && { leftOut }) };
      }),
    );
    const accepted = results.filter(({ status }) => status === 'accepted').length;
    const rejected = results.length - accepted;
    log.transactionsIngested(vendor, accepted, rejected);
    return { accepted, rejected, results };
  };
}
