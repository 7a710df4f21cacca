import { once } from 'node:events';
import { createServer, type RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';
import { LOOPBACK } from '../../operations/target/local-stack.ts';

export interface HttpServer {
  /** `HOST:PORT` */
  readonly address: string;
  /** `http://HOST:PORT` */
  readonly url: string;
  /** Ends open connections too. */
  close(): Promise<void>;
}

/**
 * Serves HTTP on this machine only.
 * @param port 0 takes any free one.
 * @throws Error with the code EADDRINUSE when the port is in use.
 */
export async function startHttpServer(listener: RequestListener, port = 0): Promise<HttpServer> {
  const server = createServer(listener).listen(port, LOOPBACK);
  await once(server, 'listening');
  const address = `${LOOPBACK}:${(server.address() as AddressInfo).port}`;
  return {
    address,
    url: `http://${address}`,
    async close() {
      const closed = once(server, 'close');
      server.close();
      server.closeAllConnections();
      await closed;
    },
  };
}
