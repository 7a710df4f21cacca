import type { Topic } from '@google-cloud/pubsub';
import { parseJson } from '../../functions/src/messages/json-message.ts';
import type { PurchaseLine } from '../../operations/publish/purchase-lines.ts';
import type { PurchaseTracker } from './purchase-tracker.ts';

/** A purchase that was published this many lines ago is certainly settled. It is far above any `inFlight`. */
const SURELY_SETTLED = 200;

export interface PlayOptions {
  /** How many purchases are under way at the same time. */
  readonly inFlight: number;
  /** Called with the number of settled purchases. */
  readonly onProgress?: (done: number) => void;
}

/**
 * Publishes every line unchanged and resolves when all are settled.
 * @throws Error that says what is outstanding when nothing more happens.
 */
export async function play(
  lines: Iterable<PurchaseLine>,
  topic: Pick<Topic, 'publishMessage'>,
  tracker: PurchaseTracker,
  { inFlight, onProgress = () => undefined }: PlayOptions,
): Promise<void> {
  const lastLine = new Map<string, number>();
  let line = 0;
  for (const { data } of lines) {
    line += 1;
    const purchase = identityOf(data);
    // Of two lines about the same purchase the first must count, so the second waits for it.
    if (line - (lastLine.get(purchase) ?? -Infinity) < SURELY_SETTLED) await tracker.outstandingAtMost(0);
    lastLine.set(purchase, line);
    tracker.published(await topic.publishMessage({ data }));
    await tracker.outstandingAtMost(inFlight - 1);
    onProgress(tracker.settled);
  }
  await tracker.outstandingAtMost(0);
  onProgress(tracker.settled);
}

/** What identifies a purchase; the whole line when it is not JSON. */
function identityOf(data: Buffer): string {
  const json = parseJson(data);
  if ('fault' in json || typeof json.value !== 'object' || json.value === null)
    return data.toString('base64');
  const { source, transactionId } = json.value as { source?: unknown; transactionId?: unknown };
  return JSON.stringify([source, transactionId]);
}
