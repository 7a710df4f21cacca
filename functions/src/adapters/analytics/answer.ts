import type { ReadableStream } from 'node:stream/web';
import * as z from 'zod';
import type { ProposedContent } from '../../domain/content.ts';
import { PermanentError, RetryableError } from '../../errors.ts';
import { faultLines } from '../../faults.ts';
import { safeText } from '../safe-text.ts';

/** In bytes: far more than any content has. */
const LARGEST_ANSWER = 64 * 1024;

/** In characters. A longer subject is a fault; one that is too long for an inbox is cut when it is rendered. */
const LONGEST_SUBJECT = 200;

const proposedContent = z.strictObject({
  contentId: z.string().regex(/^[\w.:-]{1,128}$/u, { error: 'must be 1 to 128 of A-Z, a-z, 0-9 and _.:-' }),
  template: z.string(),
  subject: safeText(LONGEST_SUBJECT).exactOptional(),
  variables: z.record(z.string(), z.unknown()),
});

/**
 * Reads the answer of Analytics; undefined when it has no proposal. No error quotes the answer.
 * @throws RetryableError for an answer that is an error, is too large, or is not JSON.
 * @throws PermanentError naming every fault of an answer that breaks the contract (docs/analytics.openapi.yaml).
 */
export async function readAnswer(response: Response): Promise<ProposedContent | undefined> {
  if (response.status === 200) return proposedContentFrom(await readJson(response));
  await response.body?.cancel();
  if (response.status === 204) return undefined;
  throw new RetryableError(`Analytics answered ${response.status}`);
}

/** Checks the format of an answer. @throws PermanentError naming every fault. */
export function proposedContentFrom(answer: unknown): ProposedContent {
  const parsed = proposedContent.safeParse(answer);
  if (parsed.success) return parsed.data;
  const faults = faultLines(parsed.error, 'the whole').join('; ');
  throw new PermanentError(`the answer of Analytics cannot be used: ${faults}`);
}

async function readJson(response: Response): Promise<unknown> {
  const type = response.headers.get('content-type') ?? 'nothing';
  if (!/^application\/json\b/iu.test(type)) {
    await response.body?.cancel();
    throw new RetryableError('Analytics answered something other than application/json');
  }
  const body = await readBytes(response.body as ReadableStream<Uint8Array> | null);
  try {
    return JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(body));
  } catch {
    // Without the cause, whose message quotes the text.
    throw new RetryableError('Analytics answered something that is not JSON in UTF-8');
  }
}

/** Leaving the loop by an error cancels the rest of the body. */
async function readBytes(body: ReadableStream<Uint8Array> | null): Promise<Buffer> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of body ?? []) {
    size += chunk.byteLength;
    if (size > LARGEST_ANSWER)
      throw new RetryableError(`Analytics answered more than ${LARGEST_ANSWER} bytes`);
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}
