import type { Topic } from '@google-cloud/pubsub';
import type { PurchaseLine } from './purchase-lines.ts';
import type { Settlement } from './settlement.ts';

/**
 * Purchases under way at the same time. The functions emulator starts a process for every event it handles at once;
 * this many keep two cores busy, and more only cost memory.
 */
const IN_FLIGHT = 6;

/** What was published this many lines ago has been dealt with long since. */
const UNDER_WAY = 200;

/**
 * Publishes every line as it stands, tells how many have been dealt with, and resolves when all of them have been dealt with.
 * @throws Error saying what is outstanding when nothing happens any more.
 */
export async function play(
  lines: Iterable<PurchaseLine>,
  topic: Pick<Topic, 'publishMessage'>,
  settlement: Settlement,
  onProgress: (done: number) => void = () => undefined,
): Promise<void> {
  const lastTold = new Map<string, number>();
  let line = 0;
  for (const { text } of lines) {
    line += 1;
    const purchase = purchaseIn(text);
    // Of two lines about one purchase the first must be the one that counts, so it is waited for.
    if (line - (lastTold.get(purchase) ?? -Infinity) < UNDER_WAY) await settlement.reaches(0);
    lastTold.set(purchase, line);
    settlement.published(await topic.publishMessage({ data: Buffer.from(text) }));
    await settlement.reaches(IN_FLIGHT - 1);
    onProgress(settlement.done);
  }
  await settlement.reaches(0);
  onProgress(settlement.done);
}

/** What identifies a purchase; the line itself where it says nothing of the kind. */
function purchaseIn(text: string): string {
  try {
    const { source, transactionId } = JSON.parse(text) as { source?: unknown; transactionId?: unknown };
    return JSON.stringify([source, transactionId]);
  } catch {
    return text;
  }
}
