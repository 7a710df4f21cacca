import type { Topic } from '@google-cloud/pubsub';
import type { PurchaseLine } from './purchase-lines.ts';
import type { Settlement } from './settlement.ts';

/**
 * Purchases under way at the same time. The functions emulator starts a process for every event it handles at once;
 * this many keep two cores busy, and more only cost memory.
 */
const IN_FLIGHT = 6;

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
  for (const { text } of lines) {
    settlement.published(await topic.publishMessage({ data: Buffer.from(text) }));
    await settlement.reaches(IN_FLIGHT - 1);
    onProgress(settlement.done);
  }
  await settlement.reaches(0);
  onProgress(settlement.done);
}
