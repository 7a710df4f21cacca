import type { Log } from '../log.ts';
import { decodeDeadLetter } from '../messages/dead-letter.ts';
import type { PublishedMessage } from '../messages/pubsub-event.ts';
import type { Quarantine } from '../ports.ts';

export interface QuarantineDeadLetter {
  readonly quarantine: Quarantine;
  readonly log: Log;
}

/**
 * A message was given up: it is kept where a person looks and can replay it, like one that can never succeed.
 * @param sourceTopic that it was first published to.
 * @throws RetryableError when the quarantine cannot be reached: the message must be delivered again.
 */
export async function quarantineDeadLetter(
  received: PublishedMessage,
  sourceTopic: string,
  to: QuarantineDeadLetter,
): Promise<void> {
  const { message, fault } = decodeDeadLetter(received);
  await to.quarantine.keep(message, fault, sourceTopic);
  to.log.messageQuarantined(message, fault);
}
