import type { CloudEvent } from '@google-cloud/functions-framework';
import type { PublishedMessage } from '../domain/published-message.ts';
import { unstorable, type Decoded } from '../domain/quarantine.ts';
import type { EpochMs } from '../domain/time.ts';
import { PermanentError } from '../errors.ts';
import { log } from '../log.ts';
import { inTrace } from '../trace.ts';
import type { QuarantineMessage } from '../usecases/quarantine-message.ts';
import { decodePublishedMessage, traceparentOf } from './cloud-event.ts';
import { composedOnce } from './composed-once.ts';

interface MessageFunction<T> {
  readonly functionName: string;
  /** The topic of the function's subscription. */
  readonly topic: string;
  readonly decode: (message: PublishedMessage, now: EpochMs) => Decoded<T>;
  readonly compose: () => MessageHandling<T>;
}

interface MessageHandling<T> {
  readonly useCase: (value: T, message: PublishedMessage) => Promise<void>;
  readonly quarantineMessage: QuarantineMessage;
}

/** A function for the messages of a topic. Returning acknowledges a message. */
export function onMessage<T>({ functionName, topic, decode, compose }: MessageFunction<T>) {
  const composed = composedOnce(compose);
  return subscribed(functionName, topic, (message) =>
    handleMessage(message, decode(message, Date.now()), composed()),
  );
}

/**
 * Passes a message to the use case, or to the quarantine if it breaks its contract or can never be stored. Any other failure is
 * thrown, so that the message is delivered again.
 */
export async function handleMessage<T>(
  message: PublishedMessage,
  decoded: Decoded<T>,
  { useCase, quarantineMessage }: MessageHandling<T>,
): Promise<void> {
  if ('fault' in decoded) return quarantineMessage(message, decoded.fault);
  try {
    await useCase(decoded.value, message);
  } catch (error) {
    if (!(error instanceof PermanentError)) throw error;
    await quarantineMessage(message, unstorable);
  }
}

interface SignalFunction {
  readonly functionName: string;
  readonly topic: string;
  readonly compose: () => { readonly useCase: () => Promise<void> };
}

/** A function for messages without content, such as those of Cloud Scheduler. */
export function onSignal({ functionName, topic, compose }: SignalFunction) {
  const composed = composedOnce(compose);
  return subscribed(functionName, topic, () => composed().useCase());
}

function subscribed(
  functionName: string,
  topic: string,
  handle: (message: PublishedMessage) => Promise<void>,
): (event: CloudEvent<unknown>) => Promise<void> {
  return async (event) => {
    const message = decodePublishedMessage(topic, event);
    const traceparent = traceparentOf(event) ?? message.attributes['googclient_traceparent'];
    await inTrace(traceparent, async () => {
      try {
        await handle(message);
      } catch (error) {
        log.functionFailed(functionName, { messageId: message.messageId }, error);
        throw error;
      }
    });
  };
}
