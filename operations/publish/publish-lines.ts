import type { Topic } from '@google-cloud/pubsub';
import { decodeTransaction } from '../../functions/src/messages/transaction.ts';
import type { BadLine, PurchaseLine } from './purchase-lines.ts';

export interface PublishingReport {
  readonly published: number;
  readonly bad: number;
}

/** The most that is published at the same time: a file may be larger than memory. */
const BATCH_MESSAGES = 500;
const BATCH_BYTES = 4_000_000;

export interface Publishing {
  readonly topic: Pick<Topic, 'publishMessage'>;
  /** Called for each bad line, in the order of the file. */
  readonly onBadLine: (line: BadLine) => void;
  /** Now, in epoch milliseconds. */
  readonly clock: () => number;
}

/**
 * Publishes the lines that keep the contract, unchanged.
 * @throws the error of the first message that could not be published; the batches before it have been published.
 */
export async function publishLines(
  lines: AsyncIterable<PurchaseLine>,
  { topic, onBadLine, clock }: Publishing,
): Promise<PublishingReport> {
  let published = 0;
  let bad = 0;
  let batch: Buffer[] = [];
  let bytes = 0;
  const flush = async (): Promise<void> => {
    await Promise.all(batch.map((data) => topic.publishMessage({ data })));
    published += batch.length;
    [batch, bytes] = [[], 0];
  };
  for await (const { number, data } of lines) {
    const decoded = decodeTransaction(data, clock());
    if ('fault' in decoded) {
      bad += 1;
      onBadLine({ number, ...decoded.fault });
      continue;
    }
    batch.push(data);
    bytes += data.length;
    if (batch.length >= BATCH_MESSAGES || bytes >= BATCH_BYTES) await flush();
  }
  await flush();
  return { published, bad };
}
