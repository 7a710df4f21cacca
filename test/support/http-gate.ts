import { once } from 'node:events';
import { createServer, request, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { buffer } from 'node:stream/consumers';
import { Gate, type Verdict } from './gate.ts';

/** A gate between an HTTP client and a server. Calls are named after their path. */
export interface HttpGate {
  readonly gate: Gate;
  /** The address for the client, in place of the server's. */
  readonly url: string;
  close(): Promise<void>;
}

export async function httpGate(upstreamUrl: string): Promise<HttpGate> {
  const gate = new Gate();
  const server = createServer((call, response) => {
    // In most tests of crashes the caller dies during the call.
    passThrough(call, response, upstreamUrl, gate).catch(() => response.destroy());
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    gate,
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    async close() {
      const closed = once(server, 'close');
      server.close();
      server.closeAllConnections();
      await closed;
    },
  };
}

async function passThrough(
  call: IncomingMessage,
  response: ServerResponse,
  upstreamUrl: string,
  gate: Gate,
): Promise<void> {
  const { url: path = '', method = 'GET', headers } = call;
  const body = await buffer(call);
  const before = await gate.pass(path, 'before');
  if (before !== 'pass') return refuse(response, before);
  const upstream = request(new URL(path, upstreamUrl), {
    method,
    headers: { ...headers, connection: 'close' },
  });
  upstream.end(body);
  const [answer] = (await once(upstream, 'response')) as [IncomingMessage];
  const answerBody = await buffer(answer);
  const after = await gate.pass(path, 'after');
  if (after !== 'pass') return refuse(response, after);
  response.writeHead(answer.statusCode ?? 502, answer.headers).end(answerBody);
}

function refuse(response: ServerResponse, verdict: Exclude<Verdict, 'pass'>): void {
  if (verdict === 'lost') response.destroy();
  else response.writeHead(verdict.status).end();
}
