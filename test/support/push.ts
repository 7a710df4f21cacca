import type { FunctionProcess } from '../../local/production/function-process.ts';

/** A message that Pub/Sub delivers. */
export interface PushedMessage {
  readonly topic: string;
  readonly messageId: string;
  readonly data: Uint8Array;
}

/**
 * Delivers a message to a function once, as a push subscription does, where a test needs a delivery that the emulator
 * cannot make on request.
 * @returns the status of the answer; undefined when the function ends without one.
 */
export async function push(
  { url }: FunctionProcess,
  { topic, messageId, data }: PushedMessage,
): Promise<number | undefined> {
  const message = {
    messageId,
    data: Buffer.from(data).toString('base64'),
    publishTime: new Date().toISOString(),
    attributes: {},
  };
  const answer = await fetch(`${url}/projects/demo-farmacy/topics/${topic}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ message, subscription: 'projects/demo-farmacy/subscriptions/pushed-by-a-test' }),
  }).catch(() => undefined);
  return answer?.status;
}
