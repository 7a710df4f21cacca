import { once } from 'node:events';
import { createServer, type AddressInfo, type Socket } from 'node:net';

/** A server that answers with the exact bytes that a test chooses. */
export interface TcpServer {
  readonly url: string;
  /** The complete HTTP requests that arrived, in order. */
  readonly requests: string[];
  /** The number of connections that were opened. */
  connections(): number;
  close(): Promise<void>;
}

/** @param onRequest receives the connection each time a complete request has arrived on it. */
export async function tcpServer(onRequest: (socket: Socket) => void): Promise<TcpServer> {
  const sockets: Socket[] = [];
  const requests: string[] = [];
  const server = createServer((socket) => {
    sockets.push(socket);
    // A client may disconnect as part of the test.
    socket.on('error', () => undefined);
    let received = '';
    socket.setEncoding('utf8').on('data', (chunk: string) => {
      received += chunk;
      if (!isComplete(received)) return;
      requests.push(received);
      received = '';
      onRequest(socket);
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    requests,
    connections: () => sockets.length,
    async close() {
      const closed = once(server, 'close');
      server.close();
      for (const socket of sockets) socket.destroy();
      await closed;
    },
  };
}

function isComplete(request: string): boolean {
  const [head = '', body] = request.split('\r\n\r\n', 2);
  const length = Number(/content-length: *(\d+)/iu.exec(head)?.[1] ?? 0);
  return body !== undefined && Buffer.byteLength(body) >= length;
}

/** The bytes of an HTTP answer. */
export function httpAnswer(
  status: number,
  headers: Readonly<Record<string, string>> = {},
  body = '',
): string {
  const all = { 'content-length': String(Buffer.byteLength(body)), ...headers };
  const lines = Object.entries(all).map(([name, value]) => `${name}: ${value}`);
  return [`HTTP/1.1 ${status} Status`, ...lines, '', body].join('\r\n');
}

/** A URL on a port where no server listens. */
export async function unusedUrl(): Promise<string> {
  const server = await tcpServer(() => undefined);
  await server.close();
  return server.url;
}
