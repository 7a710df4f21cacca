import { once } from 'node:events';
import { request as requestHttp } from 'node:http';
import { expect } from 'chai';
import { functionNamed } from '../../functions/manifest.ts';
import { FunctionHost, IDLE_TIME, type FunctionHostOptions } from '../../local/production/function-host.ts';
import { startFunctionHosts } from '../../local/production/function-hosts.ts';
import { LogBook } from '../../local/production/log-book.ts';
import { startServices, type Closers } from '../../local/production/services.ts';
import { pubsubClient } from '../../local/stack/clients.ts';
import { purchaseOf, someBuyer } from '../support/purchases.ts';
import { VirtualClock } from '../support/virtual-clock.ts';

const KEY = 'a-key-of-the-tests-with-enough-characters';

const env = {
  METADATA_SERVER_DETECTION: 'none',
  GOOGLE_CLOUD_PROJECT: 'demo-farmacy',
  VENDOR_KEYS: `acme:${KEY}`,
};

/** Whether a process lives. */
function lives(pid: number | undefined): boolean {
  try {
    return pid !== undefined && process.kill(pid, 0);
  } catch {
    return false;
  }
}

describe('the host of a function', function () {
  this.timeout(60_000);
  let host: FunctionHost;
  let clock: VirtualClock;
  let crash: PromiseWithResolvers<Error>;
  let failedStart: PromiseWithResolvers<Error>;

  async function start(options: Partial<FunctionHostOptions> = {}): Promise<void> {
    clock = new VirtualClock();
    crash = Promise.withResolvers();
    failedStart = Promise.withResolvers();
    host = await FunctionHost.start(functionNamed('ingestTransactions'), {
      env,
      nodeOptions: [],
      environment: clock,
      onCrash: crash.resolve,
      onFailedStart: failedStart.resolve,
      ...options,
    });
  }
  afterEach(() => host.close());

  /** The status of the answer to a vendor without a key. */
  const call = async (): Promise<number> => {
    const response = await fetch(host.url, { method: 'POST', body: '[]' });
    await response.body?.cancel();
    return response.status;
  };

  it('starts one process for the first requests and passes their answers on', async () => {
    await start();
    expect(host.pid).to.equal(undefined);
    expect(await Promise.all([call(), call(), call()])).to.deep.equal([401, 401, 401]);
    const { pid } = host;
    expect(await call()).to.equal(401);
    expect([host.pid, lives(pid)]).to.deep.equal([pid, true]);
  });

  it('ends the process after the idle time, and starts another with the next request', async () => {
    await start();
    await call();
    const first = host.pid;
    clock.advance(IDLE_TIME);
    expect(await call()).to.equal(401);
    expect(host.pid).not.to.equal(first);
    expect([lives(first), lives(host.pid)]).to.deep.equal([false, true]);
  });

  it('keeps the process while a request is open, and answers 503 when the process crashes meanwhile', async () => {
    await start();
    const headers = { authorization: `Bearer ${KEY}`, 'content-type': 'application/json' };
    const open = requestHttp(host.url, { method: 'POST', headers });
    const answered = once(open, 'response');
    open.write('[');
    expect(await call()).to.equal(401);
    clock.advance(10 * IDLE_TIME);
    expect(await call()).to.equal(401);
    process.kill(host.pid ?? 0, 'SIGKILL');
    const [answer] = (await answered) as [{ statusCode: number }];
    expect(answer.statusCode).to.equal(503);
    expect((await crash.promise).message).to.match(/^The function ingestTransactions ended unexpectedly\./u);
    expect(await call()).to.equal(401);
    open.destroy();
  });

  it('answers 503 with the output of a process that does not start', async () => {
    await start({ nodeOptions: ['--no-such-option'] });
    const response = await fetch(host.url);
    expect([response.status, await response.text()].join(' ')).to.match(/^503 .*no-such-option/su);
    expect((await failedStart.promise).message).to.include('ended while starting');
  });
});

describe('the hosts of all functions', function () {
  this.timeout(90_000);

  it('start only the functions that get an event', async () => {
    const closers: Closers = [];
    try {
      const { cloud, eventarc, services, environmentFor } = await startServices(closers);
      const logs = new LogBook();
      const options = {
        env: environmentFor(services),
        nodeOptions: [],
        onLine: (line: string) => logs.add(line),
        onCrash: () => undefined,
        onFailedStart: () => undefined,
      };
      const hosts = await startFunctionHosts(cloud, eventarc, options, closers);
      const pubsub = pubsubClient(cloud.env['PUBSUB_EMULATOR_HOST'] ?? '');
      closers.push(() => pubsub.close());
      const buyer = someBuyer();
      await pubsub.topic('transactions').publishMessage({ data: purchaseOf(buyer, Date.now()) });
      const isAccepted = ({ event, customerId }: Readonly<Record<string, unknown>>): boolean =>
        event === 'email-accepted' && customerId === buyer.customerId;
      await logs.until(isAccepted);
      const started = hosts.filter(({ pid }) => pid !== undefined).map(({ definition }) => definition.name);
      expect(started).to.deep.equal(['recordTransaction', 'targetCustomer']);
    } finally {
      for (const close of closers.toReversed()) await close();
    }
  });
});
