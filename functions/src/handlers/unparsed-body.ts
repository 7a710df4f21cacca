import { subscribe } from 'node:diagnostics_channel';
import type { IncomingMessage } from 'node:http';
import { parseArgs } from 'node:util';
import { Refusal } from './refusal.ts';

/** What the sender called its body, before that was hidden from the framework. */
const contentTypes = new WeakMap<IncomingMessage, string>();

/**
 * Has the framework hand over a function's requests with their bodies unread. By itself it reads each body before any
 * function is called: up to 1 GB of it, and JSON that it cannot parse it answers with a page of HTML. Its parsers go
 * by the content type and pass over a body without one, so that header is put aside as a request begins.
 *
 * One process serves one function; in the process of any other function this does nothing.
 */
export function leaveBodiesUnread(functionName: string): void {
  if (servedFunction() !== functionName) return;
  subscribe('http.server.request.start', (message) => {
    const { request } = message as { request: IncomingMessage };
    contentTypes.set(request, request.headers['content-type'] ?? '');
    delete request.headers['content-type'];
  });
}

/** What the sender called an unread body. */
export function contentTypeOf(request: IncomingMessage): string {
  return contentTypes.get(request) ?? '';
}

/** The media type of an unread body, in small letters and without parameters. */
export function mediaTypeOf(request: IncomingMessage): string {
  const [type = ''] = contentTypeOf(request).split(';');
  return type.trim().toLowerCase();
}

/**
 * Reads an unread body to its end: who is answered earlier may never read the answer. What is beyond the limit is
 * not kept.
 * @param limit in bytes.
 * @throws Refusal when there is more than that, or when the sender goes away.
 */
export async function readBody(request: IncomingMessage, limit: number): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let size = 0;
  try {
    for await (const chunk of request as AsyncIterable<Buffer>) {
      size += chunk.length;
      if (size <= limit) chunks.push(chunk);
    }
  } catch {
    throw new Refusal(400, 'incomplete-body', 'The body did not arrive as a whole.');
  }
  if (size <= limit) return Buffer.concat(chunks);
  throw new Refusal(413, 'body-too-large', `The body may have ${limit} bytes at the most.`);
}

/** The framework's own rule: the flag goes before the variable. The Firebase emulator sets the variable. */
function servedFunction(): string | undefined {
  const { target } = parseArgs({ strict: false, options: { target: { type: 'string' } } }).values;
  return typeof target === 'string' ? target : process.env['FUNCTION_TARGET'];
}
