import { expect } from 'chai';
import { createServer } from 'node:net';
import { once } from 'node:events';
import { answers } from '../../operations/target/local-stack.ts';
import { assertFree, freePorts } from '../../local/stack/ports.ts';
import { Service } from '../../local/stack/service.ts';

/** Starts a child in a group of its own. The child ignores SIGINT and SIGTERM and prints the port that it listens on. */
const STUBBORN_CHILD = `
  const stubborn = \`
    process.on('SIGINT', () => {});
    process.on('SIGTERM', () => {});
    const server = require('node:net').createServer().listen(0, '127.0.0.1', () => console.log(server.address().port));
  \`;
  require('node:child_process').spawn(process.execPath, ['-e', stubborn], { detached: true, stdio: 'inherit' });
  setInterval(() => {}, 1000);
`;

function nodeService(
  script: string,
  onLine: (line: string) => void = () => undefined,
  signal?: AbortSignal,
): Service {
  return new Service({
    name: 'The test service',
    command: process.execPath,
    args: ['-e', script],
    env: process.env,
    onLine,
    ...(signal && { signal }),
  });
}

async function stubbornService(signal?: AbortSignal): Promise<{ service: Service; port: number }> {
  let port = 0;
  const service = nodeService(STUBBORN_CHILD, (line) => (port = Number(line)), signal);
  await service.ready(async () => port > 0);
  return { service, port };
}

const errorOf = (work: Promise<unknown>): Promise<unknown> => work.catch((error: unknown) => error);

describe('a service', () => {
  it('reports what it prints line by line: a line ends with LF alone', async () => {
    const lines: string[] = [];
    const service = nodeService("console.log('one\u2028line\\ntwo')", (line) => lines.push(line));
    await service.ready(async () => lines.length === 2);
    expect(lines).to.deep.equal(['one\u2028line', 'two']);
    await service.stop();
  });

  it('stops all its descendants, even those that ignore signals', async () => {
    const { service, port } = await stubbornService();
    expect(await answers(port)).to.equal(true);
    await service.stop();
    expect(await answers(port)).to.equal(false);
  });

  it('leaves no orphans when it dies unexpectedly', async () => {
    const { service, port } = await stubbornService();
    process.kill(service.pid ?? 0, 'SIGKILL');
    expect((await service.unexpectedEnd()).message).to.include('The test service ended unexpectedly.');
    await service.stop();
    expect(await answers(port)).to.equal(false);
  });

  it('is stopped by aborting its signal', async () => {
    const controller = new AbortController();
    const { service, port } = await stubbornService(controller.signal);
    controller.abort();
    await service.stop();
    expect(await answers(port)).to.equal(false);
  });

  it('that ends while starting is reported with its last output', async () => {
    const service = nodeService("console.error('no such port'); process.exit(3)");
    const error = await errorOf(service.ready(async () => false));
    expect((error as Error).message).to.match(/ended while starting.*no such port/su);
    await service.stop();
  });

  it('that cannot be started at all is reported too', async () => {
    const service = new Service({ name: 'Nothing', command: '/no/such/program', args: [], env: {} });
    const error = await errorOf(service.ready(async () => false));
    expect((error as Error).message).to.include('Nothing ended while starting.');
    await service.stop();
  });

  it('that takes too long is reported', async () => {
    const service = nodeService('setInterval(() => {}, 1000)');
    const error = await errorOf(service.ready(async () => false, 1));
    expect((error as Error).message).to.include('did not become ready');
    await service.stop();
  });
});

describe('ports', () => {
  it('that are free are distinct', async () => {
    const ports = await freePorts(20);
    expect(new Set(ports)).to.have.lengthOf(20);
    await assertFree(Object.fromEntries(ports.map((port) => [`part ${port}`, port])));
  });

  it('in use are named with their purpose', async () => {
    const [taken = 0, free = 0] = await freePorts(2);
    const server = createServer().listen(taken, '127.0.0.1');
    await once(server, 'listening');
    try {
      expect(await answers(taken)).to.equal(true);
      expect(await answers(free)).to.equal(false);
      const error = await errorOf(assertFree({ 'the inbox': taken, 'something else': free }));
      expect((error as Error).message).to.include(`  ${taken}, needed for the inbox`);
      expect((error as Error).message).not.to.include('something else');
    } finally {
      server.close();
    }
  });
});
