import { subscribe } from 'node:diagnostics_channel';
import type { IncomingMessage } from 'node:http';
import { parseArgs } from 'node:util';
import { Refusal } from './refusal.ts';

/*
 * By default functions-framework (checked with 5.0.5) reads the body of a request before it calls the function: up to 1 GB, even
 * from a sender without credentials, and it answers invalid JSON with an HTML page. Its parsers depend on the content type and
 * skip a body without one, so the header is removed when a request begins and kept here. If that stops working, the framework
 * parses the body as before and leaves its bytes in `rawBody`, which `readBody` then uses.
 */

/** The content types that were removed from requests. */
const contentTypes = new WeakMap<IncomingMessage, string>();

/**
 * Makes the framework leave the request bodies of a function unread. One process serves one function; in the process of
 * another function this does nothing.
 */
export function leaveBodiesUnread(functionName: string): void {
  if (servedFunction() !== functionName) return;
  subscribe('http.server.request.start', (message) => {
    const { request } = message as { request: IncomingMessage };
    contentTypes.set(request, request.headers['content-type'] ?? '');
    delete request.headers['content-type'];
  });
}

/** The content type of a request, as its sender wrote it; empty when there is none. */
export function contentTypeOf(request: IncomingMessage): string {
  return contentTypes.get(request) ?? request.headers['content-type'] ?? '';
}

/**
 * Reads a body to its end, even beyond the limit, because a sender may not read an answer that comes earlier. Bytes beyond the
 * limit are not kept.
 * @param limit in bytes.
 * @throws Refusal when the body is larger, or when the sender disconnects.
 */
export async function readBody(
  request: IncomingMessage & { readonly rawBody?: Buffer },
  limit: number,
): Promise<Buffer<ArrayBuffer>> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  try {
    for await (const chunk of bodyOf(request)) {
      size += chunk.length;
      if (size <= limit) chunks.push(chunk);
    }
  } catch {
    throw new Refusal(400, 'incomplete-body', 'The body did not arrive as a whole.');
  }
  if (size <= limit) return Buffer.concat(chunks);
  throw new Refusal(413, 'body-too-large', `The body may have at most ${limit} bytes.`);
}

function bodyOf(request: IncomingMessage & { readonly rawBody?: Buffer }) {
  return request.rawBody === undefined ? (request as AsyncIterable<Buffer>) : [request.rawBody];
}

/** The framework's own rule: the flag takes precedence over the variable. The Firebase emulator sets the variable. */
function servedFunction(): string | undefined {
  const { target } = parseArgs({ strict: false, options: { target: { type: 'string' } } }).values;
  return typeof target === 'string' ? target : process.env['FUNCTION_TARGET'];
}
