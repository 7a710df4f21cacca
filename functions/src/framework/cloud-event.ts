import type { CloudEvent } from '@google-cloud/functions-framework';
import * as z from 'zod';
import type { PublishedMessage } from '../domain/published-message.ts';

/** The W3C trace context of an event, which Eventarc adds as an extension attribute. */
export function traceparentOf(event: CloudEvent<unknown>): string | undefined {
  const { traceparent } = event as { traceparent?: unknown };
  return typeof traceparent === 'string' ? traceparent : undefined;
}

/**
 * A delivery of Pub/Sub: wrapped in a CloudEvent by the framework or by the emulator, or in the format of a push subscription,
 * where the framework does not recognise it (a message without data).
 */
const pushed = z.object({
  message: z.object({
    messageId: z.string(),
    data: z.base64().default(''),
    attributes: z.custom<Record<string, string>>(isRecordOfText).default({}),
  }),
});
const messageEvent = z.union([pushed, z.object({ data: pushed }).transform(({ data }) => data)]);

/** Unlike a record of zod, it keeps an attribute whose name is `__proto__`. */
function isRecordOfText(value: unknown): boolean {
  const isRecord = typeof value === 'object' && value !== null && !Array.isArray(value);
  return isRecord && Object.values(value).every((entry) => typeof entry === 'string');
}

/**
 * @param topic the topic of the function's subscription.
 * @throws Error when the event is not one of Pub/Sub.
 */
export function decodePublishedMessage(topic: string, event: unknown): PublishedMessage {
  const { messageId, data, attributes } = messageEvent.parse(event).message;
  return { messageId, topic, data: Buffer.from(data, 'base64'), attributes };
}
