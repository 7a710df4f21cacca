import type { CloudEvent } from '@google-cloud/functions-framework';
import type { PublishedMessage } from '../domain/published-message.ts';
import type { Decoded } from '../domain/quarantine.ts';
import type { EpochMs } from '../domain/time.ts';
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
  readonly compose: () => {
    readonly useCase: (value: T, message: PublishedMessage) => Promise<void>;
    readonly quarantineMessage: QuarantineMessage;
  };
}

/**
 * A function for the messages of a topic: it decodes each and passes it to the use case, or to the quarantine if it breaks its
 * contract. Returning acknowledges a message; any failure is thrown, so that the message is delivered again.
 */
export function onMessage<T>({ functionName, topic, decode, compose }: MessageFunction<T>) {
  const composed = composedOnce(compose);
  return subscribed(functionName, topic, async (message) => {
    const { useCase, quarantineMessage } = composed();
    const decoded = decode(message, Date.now());
    await ('fault' in decoded ? quarantineMessage(message, decoded.fault) : useCase(decoded.value, message));
  });
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
