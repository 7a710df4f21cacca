import type { PublishedMessage } from '../../functions/src/domain/published-message.ts';
import type { Decoded } from '../../functions/src/domain/quarantine.ts';
import type { Clock } from '../../functions/src/domain/time.ts';
import { handleMessage } from '../../functions/src/framework/on-message.ts';
import type { QuarantineMessage } from '../../functions/src/usecases/quarantine-message.ts';
import { encoded } from './transactions.ts';

let published = 0;

/** A message as Pub/Sub delivers it; each has an ID of its own. */
export function publishedMessage(content: unknown): PublishedMessage {
  published += 1;
  const data = Buffer.isBuffer(content) ? content : encoded(content);
  return { messageId: `${published}`, topic: 'transactions', data, attributes: { vendor: 'acme' } };
}

/** Handles messages as `onMessage` does, with a clock of the test. */
export function messageHandler<T>(
  decode: (data: Uint8Array, now: number) => Decoded<T>,
  useCase: (value: T, message: PublishedMessage) => Promise<void>,
  quarantineMessage: QuarantineMessage,
  clock: Clock,
): (message: PublishedMessage) => Promise<void> {
  return (message) => handleMessage(message, decode(message.data, clock()), { useCase, quarantineMessage });
}
