import { once } from 'node:events';
import { createServer, type AddressInfo, type Socket } from 'node:net';

/** A server that speaks whatever a test wants, down to the byte. */
export interface TcpServer {
  readonly url: string;
  /** The HTTP requests that arrived whole, in order. */
  readonly requests: string[];
  /** How many connections were opened. */
  connections(): number;
  close(): Promise<void>;
}

/** Starts one. @param onRequest is given the connection each time a whole request has arrived on it. */
export async function tcpServer(onRequest: (socket: Socket) => void): Promise<TcpServer> {
  const sockets: Socket[] = [];
  const requests: string[] = [];
  const server = createServer((socket) => {
    sockets.push(socket);
    // A client that goes away is part of the test.
    socket.on('error', () => undefined);
    let received = '';
    socket.setEncoding('utf8').on('data', (chunk: string) => {
      received += chunk;
      if (!isWhole(received)) return;
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

function isWhole(request: string): boolean {
  const [head = '', body] = request.split('\r\n\r\n', 2);
  const length = Number(/content-length: *(\d+)/iu.exec(head)?.[1] ?? 0);
  return body !== undefined && Buffer.byteLength(body) >= length;
}

/** An HTTP answer as it goes over the wire. */
export function httpAnswer(
  status: number,
  headers: Readonly<Record<string, string>> = {},
  body = '',
): string {
  const all = { 'content-length': String(Buffer.byteLength(body)), ...headers };
  const lines = Object.entries(all).map(([name, value]) => `${name}: ${value}`);
  return [`HTTP/1.1 ${status} Whatever`, ...lines, '', body].join('\r\n');
}

/** The address of a port where nobody listens. */
export async function deserted(): Promise<string> {
  const server = await tcpServer(() => undefined);
  await server.close();
  return server.url;
}
