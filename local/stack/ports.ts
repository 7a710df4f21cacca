/** Free ports on this machine. */
import { once } from 'node:events';
import { createServer, type AddressInfo, type Server } from 'node:net';
import { LOOPBACK } from '../../operations/target/local-stack.ts';

/** Distinct free ports. All are held until the last is found, so that none occurs twice. */
export async function freePorts(count: number): Promise<number[]> {
  const servers = await Promise.all(Array.from({ length: count }, () => listen(0)));
  const ports = servers.map((server) => (server.address() as AddressInfo).port);
  await Promise.all(servers.map(close));
  return ports;
}

/** @param ports by their purpose. @throws Error that names every port in use and its purpose. */
export async function assertFree(ports: Readonly<Record<string, number>>): Promise<void> {
  const taken: string[] = [];
  for (const [purpose, port] of Object.entries(ports)) {
    try {
      await close(await listen(port));
    } catch {
      taken.push(`  ${port}, needed for ${purpose}`);
    }
  }
  if (taken.length === 0) return;
  throw new Error(
    `These ports of ${LOOPBACK} are in use:\n${taken.join('\n')}\n` +
      'Stop what uses them (perhaps another npm start), or add --free-ports to use other ports.',
  );
}

async function listen(port: number): Promise<Server> {
  const server = createServer().listen(port, LOOPBACK);
  await once(server, 'listening');
  return server;
}

async function close(server: Server): Promise<void> {
  server.close();
  await once(server, 'close');
}
