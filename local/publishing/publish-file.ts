import type { Topic } from '@google-cloud/pubsub';
import { decodeTransaction } from '../../functions/src/messages/transaction.ts';
import type { PurchaseLine } from '../playback/purchase-lines.ts';

/** A line that does not keep to the contract. Holds nothing of what the line says. */
export interface BadLine {
  readonly number: number;
  readonly reason: string;
  /** Which field is wrong and how. */
  readonly details: readonly string[];
}

export interface PublishingReport {
  readonly published: number;
  readonly bad: number;
}

/** Messages that are under way at the same time, at most; their bytes too, since a file may be larger than memory. */
const BATCH_MESSAGES = 500;
const BATCH_BYTES = 4_000_000;

export interface Publishing {
  readonly topic: Pick<Topic, 'publishMessage'>;
  /** Told each bad line as it is met. */
  readonly onBadLine: (line: BadLine) => void;
  /** Told how many have been published, after each batch. */
  readonly onPublished?: (published: number) => void;
  /** Now, in epoch milliseconds. */
  readonly clock: () => number;
}

/**
 * Publishes the lines that keep to the contract, as they stand.
 * @throws the error of the first message that could not be published; those before it have been.
 */
export async function publishLines(
  lines: AsyncIterable<PurchaseLine>,
  { topic, onBadLine, onPublished, clock }: Publishing,
): Promise<PublishingReport> {
  let published = 0;
  let bad = 0;
  let batch: Buffer[] = [];
  let bytes = 0;
  const flush = async (): Promise<void> => {
    await Promise.all(batch.map((data) => topic.publishMessage({ data })));
    published += batch.length;
    [batch, bytes] = [[], 0];
    onPublished?.(published);
  };
  for await (const { number, text } of lines) {
    const data = Buffer.from(text);
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
