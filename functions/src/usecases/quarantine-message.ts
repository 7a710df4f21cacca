import type { PublishedMessage } from '../domain/published-message.ts';
import type { DeadLetter, MessageFault } from '../domain/quarantine.ts';
import type { Log } from '../log.ts';
import type { Quarantine } from '../ports.ts';

/**
 * Keeps a message that can never succeed until a person replays or discards it.
 * @throws RetryableError when the quarantine cannot be reached: the message must be delivered again.
 */
export type QuarantineMessage = (message: PublishedMessage, fault: MessageFault) => Promise<void>;

/** Keeps a message that Pub/Sub gave up, as if it could never succeed. @throws RetryableError as above. */
export type QuarantineDeadLetter = (deadLetter: DeadLetter) => Promise<void>;

interface Dependencies {
  readonly quarantine: Quarantine;
  readonly log: Log;
}

export function createQuarantineMessage({ quarantine, log }: Dependencies): QuarantineMessage {
  return async (message, fault) => {
    await quarantine.keep(message, fault);
    log.messageQuarantined(message, fault);
  };
}

/** @param sourceTopic that the dead letters were first published to, and are replayed to. */
export function createQuarantineDeadLetter({
  quarantine,
  log,
  sourceTopic,
}: Dependencies & { readonly sourceTopic: string }): QuarantineDeadLetter {
  return async ({ message, fault }) => {
    await quarantine.keep(message, fault, sourceTopic);
    log.messageQuarantined(message, fault);
  };
}
