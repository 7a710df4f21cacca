/** Free ports on this machine. */
import { randomInt } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type Server } from 'node:net';
import { LOOPBACK } from '../../operations/target/local-stack.ts';

/**
 * Where free ports are sought: below the ports that Linux, macOS and Windows hand out by themselves, for connections too. One of
 * those could be taken before it is used. Browsers and `fetch` refuse a few lower ports (https://fetch.spec.whatwg.org/#port-blocking).
 */
const RANGE = { first: 10_100, end: 32_768 };

/** Distinct free ports, at random, so that two processes hardly ever get the same. */
export async function freePorts(count: number): Promise<number[]> {
  const ports = new Set<number>();
  while (ports.size < count) {
    const port = randomInt(RANGE.first, RANGE.end);
    if (await isFree(port)) ports.add(port);
  }
  return [...ports];
}

async function isFree(port: number): Promise<boolean> {
  try {
    await close(await listen(port));
    return true;
  } catch {
    return false;
  }
}

/** @param ports by their purpose. @throws Error that names every port in use and its purpose. */
export async function assertFree(ports: Readonly<Record<string, number>>): Promise<void> {
  const taken: string[] = [];
  for (const [purpose, port] of Object.entries(ports)) {
    if (!(await isFree(port))) taken.push(`  ${port}, needed for ${purpose}`);
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
