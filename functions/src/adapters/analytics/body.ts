import type { ReadableStream } from 'node:stream/web';
import { RetryableError } from '../../errors.ts';

/** Far more than any content needs. In bytes. */
const LARGEST_ANSWER = 64 * 1024;

/**
 * The JSON of an answer, read no further than is decent.
 * @throws RetryableError when it is too large, or not JSON.
 */
export async function readJson(response: Response): Promise<unknown> {
  const type = response.headers.get('content-type') ?? 'nothing';
  if (!/^application\/json\b/iu.test(type)) {
    await response.body?.cancel();
    throw new RetryableError('Analytics answered something other than application/json');
  }
  const text = await readText(response.body as ReadableStream<Uint8Array> | null);
  try {
    return JSON.parse(text);
  } catch {
    // Without the cause: its message quotes the text.
    throw new RetryableError('Analytics answered something that is not JSON');
  }
}

/** Leaving the loop by an error cancels the rest of the body. */
async function readText(body: ReadableStream<Uint8Array> | null): Promise<string> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of body ?? []) {
    size += chunk.byteLength;
    if (size > LARGEST_ANSWER)
      throw new RetryableError(`Analytics answered more than ${LARGEST_ANSWER} bytes`);
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString('utf8');
}
