import { once } from 'node:events';
import { request as requestHttp, type Agent, type IncomingMessage, type ServerResponse } from 'node:http';
import { pipeline } from 'node:stream/promises';

export interface ForwardTarget {
  /** `http://HOST:PORT` */
  readonly url: string;
  /** The path and the query of the request. */
  readonly path: string;
  readonly agent: Agent;
}

/**
 * Passes a request on to a server, and its answer back. Resolves when the answer is complete or the caller has gone. A server
 * that breaks off without an answer is reported with 503, as Cloud Run does.
 */
export async function forward(
  request: IncomingMessage,
  response: ServerResponse,
  { url, path, agent }: ForwardTarget,
): Promise<void> {
  // The caller may have gone while the server started.
  if (response.destroyed) return;
  const { method, headers } = request;
  const passedOn = requestHttp(url, { method, path, headers, agent });
  // An error is dealt with below, where the answer is awaited. A later one ends the answer too.
  passedOn.on('error', () => undefined);
  response.once('close', () => passedOn.destroy());
  request.pipe(passedOn);
  try {
    const [answer] = (await once(passedOn, 'response')) as [IncomingMessage];
    response.writeHead(answer.statusCode ?? 502, answer.headers);
    await pipeline(answer, response);
  } catch {
    if (response.headersSent) response.destroy();
    else refuse(response, 'The function ended without an answer.');
  }
}

/** Says that a function cannot serve a request now. */
export function refuse(response: ServerResponse, reason: string): void {
  response.writeHead(503, { 'content-type': 'text/plain' }).end(`${reason}\n`);
}
