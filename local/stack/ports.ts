/** Which ports are free, and which answer. All on 127.0.0.1: nothing of the local stack is reachable from outside. */
import { once } from 'node:events';
import { connect, createServer, type AddressInfo, type Server } from 'node:net';

export const LOOPBACK = '127.0.0.1';

/** Distinct ports that nobody listens on. They are held until all are known, so none is handed out twice. */
export async function freePorts(count: number): Promise<number[]> {
  const servers = await Promise.all(Array.from({ length: count }, () => listen(0)));
  const ports = servers.map((server) => (server.address() as AddressInfo).port);
  await Promise.all(servers.map(close));
  return ports;
}

/** @throws Error naming every port that is taken and what it is for. */
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
      'Stop what uses them (perhaps another run of this stack), or add --free-ports to use other ones.',
  );
}

/** Whether something accepts connections there now. */
export async function answers(port: number, host = LOOPBACK): Promise<boolean> {
  const socket = connect(port, host);
  try {
    await once(socket, 'connect');
    return true;
  } catch {
    return false;
  } finally {
    socket.destroy();
  }
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
