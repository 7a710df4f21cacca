/** Published messages, and what Pub/Sub refuses to publish (https://cloud.google.com/pubsub/quotas#resource_limits). */
import { invalid } from '../grpc-error.ts';

/** A message as its publisher sends it. */
export interface NewMessage {
  readonly data: Buffer;
  readonly attributes: Readonly<Record<string, string>>;
  /** Delivered with the message, without effect on the order. Empty when there is none. */
  readonly orderingKey: string;
}

export interface Message extends NewMessage {
  readonly messageId: string;
  /** Milliseconds since 1970. */
  readonly publishTime: number;
}

const MOST_MESSAGES = 1_000;
const MOST_ATTRIBUTES = 100;
/** In bytes, as all below. */
const LARGEST_REQUEST = 10 * 1024 * 1024;
const LONGEST_KEY = 256;
const LONGEST_VALUE = 1_024;

/** Keys that begin with `goog` are reserved. Google's clients use those with `googclient_`. */
const RESERVED_KEY = /^goog(?!client_)/u;

/** @throws GrpcError when these messages may not be published in one request. */
export function checkPublishable(messages: readonly NewMessage[]): void {
  if (messages.length === 0) throw invalid('No messages to publish');
  if (messages.length > MOST_MESSAGES) throw invalid('Too many messages to publish');
  const bytes = messages.reduce((total, message) => total + sizeOf(message), 0);
  if (bytes > LARGEST_REQUEST) {
    throw invalid(`Request payload size exceeds the limit: ${LARGEST_REQUEST} bytes.`);
  }
  for (const message of messages) checkMessage(message);
}

function checkMessage({ data, attributes }: NewMessage): void {
  const entries = Object.entries(attributes);
  if (data.length === 0 && entries.length === 0) throw invalid('Some messages are empty');
  if (entries.length > MOST_ATTRIBUTES)
    throw invalid(`A message has more than ${MOST_ATTRIBUTES} attributes.`);
  for (const [key, value] of entries) {
    if (RESERVED_KEY.test(key))
      throw invalid(`The attribute key ${key} begins with goog, which is reserved.`);
    if (Buffer.byteLength(key) > LONGEST_KEY) {
      throw invalid(`An attribute key is longer than ${LONGEST_KEY} bytes.`);
    }
    if (Buffer.byteLength(value) > LONGEST_VALUE) {
      throw invalid(`The value of the attribute ${key} is longer than ${LONGEST_VALUE} bytes.`);
    }
  }
}

/** The size of data and attributes, in bytes. */
export function sizeOf({ data, attributes }: NewMessage): number {
  const entries = Object.entries(attributes);
  return entries.reduce(
    (total, [key, value]) => total + Buffer.byteLength(key) + Buffer.byteLength(value),
    data.length,
  );
}
