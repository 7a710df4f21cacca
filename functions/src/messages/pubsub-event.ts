import * as z from 'zod';

/** The topics that functions are subscribed to. The infrastructure names them by this list. */
export const topics = {
  transactions: 'transactions',
  transactionsDeadLetters: 'transactions-dead-letters',
  engagements: 'engagements',
  engagementsDeadLetters: 'engagements-dead-letters',
  resumeEmails: 'resume-emails',
} as const;

/**
 * What Pub/Sub delivers, by whichever way it came: wrapped in a CloudEvent by the framework or by the emulator, or,
 * where the framework does not know what to make of it (a message without data), as a push subscription wrote it.
 */
const delivery = z.object({
  message: z.object({
    messageId: z.string(),
    data: z.base64().default(''),
    attributes: z.record(z.string(), z.string()).default({}),
  }),
});
const event = z.union([delivery, z.object({ data: delivery }).transform(({ data }) => data)]);

/** A message as Pub/Sub delivered it. */
export interface PublishedMessage {
  readonly messageId: string;
  /** Short name of the topic it was published to. */
  readonly topic: string;
  readonly data: Buffer;
  readonly attributes: Readonly<Record<string, string>>;
}

/**
 * @param topic that the function is subscribed to.
 * @throws Error when this is no event of Pub/Sub.
 */
export function decodePubsubEvent(topic: string, received: unknown): PublishedMessage {
  const { messageId, data, attributes } = event.parse(received).message;
  return { messageId, topic, data: Buffer.from(data, 'base64'), attributes };
}
