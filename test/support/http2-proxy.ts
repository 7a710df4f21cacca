import { once } from 'node:events';
import {
  connect,
  createServer,
  type ClientHttp2Stream,
  type Http2Session,
  type IncomingHttpHeaders,
  type ServerHttp2Stream,
} from 'node:http2';
import type { AddressInfo } from 'node:net';

export interface Http2Proxy {
  /** The address for clients, in place of the server's. */
  readonly host: string;
  close(): Promise<void>;
}

/** One call of a client, and the way to pass it on. */
export interface ProxiedCall {
  readonly client: ServerHttp2Stream;
  /** The last part of the path: with gRPC, the name of the RPC. */
  readonly name: string;
  /** Opens the same call to the server behind the proxy. */
  readonly forward: () => ClientHttp2Stream;
}

/** Stands between HTTP/2 clients and a server. @param upstreamHost as `HOST:PORT`. */
export async function http2Proxy(
  upstreamHost: string,
  onCall: (call: ProxiedCall) => void,
): Promise<Http2Proxy> {
  // A server that stops ends the session with an error, which each open call reports as well.
  const upstream = connect(`http://${upstreamHost}`).on('error', () => undefined);
  const sessions = new Set<Http2Session>();
  const server = createServer()
    .on('session', (session) => sessions.add(session))
    // Tests kill clients at any moment.
    .on('sessionError', () => undefined)
    .on('stream', (client: ServerHttp2Stream, headers: IncomingHttpHeaders) => {
      client.on('error', () => undefined);
      onCall({
        client,
        name: (headers[':path'] ?? '').split('/').at(-1) ?? '',
        forward: () => upstream.request({ ...headers, ':authority': upstreamHost }),
      });
    });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    host: `127.0.0.1:${(server.address() as AddressInfo).port}`,
    async close() {
      for (const session of sessions) session.destroy();
      upstream.destroy();
      server.close();
      await once(server, 'close');
    },
  };
}
