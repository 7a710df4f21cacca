import type { MessageFault } from '../domain/quarantine.ts';
import type { Log } from '../log.ts';
import type { PublishedMessage } from '../messages/pubsub-event.ts';
import type { Quarantine } from '../ports.ts';

export interface KeepInQuarantine {
  readonly quarantine: Quarantine;
  readonly log: Log;
}

/**
 * Keeps a message that can never succeed until a person replays or discards it.
 * @throws RetryableError when the quarantine cannot be reached: the message must be delivered again.
 */
export async function keepInQuarantine(
  message: PublishedMessage,
  fault: MessageFault,
  to: KeepInQuarantine,
): Promise<void> {
  await to.quarantine.keep(message, fault);
  to.log.messageQuarantined(message, fault);
}
