import { z } from 'zod';

/**
 * What a CloudEvent of Pub/Sub carries, whether it came through a push subscription or through the emulator
 * (`google.events.cloud.pubsub.v1.MessagePublishedData`).
 */
const messagePublished = z.object({
  message: z.object({
    messageId: z.string(),
    data: z.base64().default(''),
    attributes: z.record(z.string(), z.string()).default({}),
  }),
});

/** A message as Pub/Sub delivered it. */
export interface PublishedMessage {
  readonly messageId: string;
  /** Short name of the topic it was published to. */
  readonly topic: string;
  readonly data: Buffer;
  readonly attributes: Readonly<Record<string, string>>;
}

/**
 * @param source of the event: `//pubsub.googleapis.com/projects/{project}/topics/{topic}`.
 * @throws Error when this is no event of Pub/Sub.
 */
export function decodePubsubEvent(source: string, data: unknown): PublishedMessage {
  const { message } = messagePublished.parse(data);
  return {
    messageId: message.messageId,
    topic: source.slice(source.lastIndexOf('/') + 1),
    data: Buffer.from(message.data, 'base64'),
    attributes: message.attributes,
  };
}
