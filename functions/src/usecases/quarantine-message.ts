import type { PublishedMessage } from '../domain/published-message.ts';
import type { MessageFault } from '../domain/quarantine.ts';
import type { Log } from '../log.ts';
import type { Quarantine } from '../ports.ts';

/**
 * Keeps a message that can never succeed until a person replays or discards it.
 * @throws RetryableError when the quarantine cannot be reached: the message must be delivered again.
 */
export type QuarantineMessage = (message: PublishedMessage, fault: MessageFault) => Promise<void>;

export function createQuarantineMessage({
  quarantine,
  log,
}: {
  readonly quarantine: Quarantine;
  readonly log: Log;
}): QuarantineMessage {
  return async (message, fault) => {
    await quarantine.keep(message, fault);
    log.messageQuarantined(message, fault);
  };
}
