import { expect } from 'chai';
import fc from 'fast-check';
import { OnDemand, type Instance } from '../../local/production/on-demand.ts';
import { VirtualClock } from '../support/virtual-clock.ts';

const IDLE_TIME = 60_000;

/** Lets everything happen that needs no timer. */
const settle = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

/** An instance whose starts and ends wait for the test. It notes what happens to it. */
class FakeInstance implements Instance {
  readonly events: string[] = [];
  isUp = false;
  #starting = Promise.withResolvers<undefined>();
  #ending = Promise.withResolvers<undefined>();
  #crash = Promise.withResolvers<Error>();

  async start(): Promise<void> {
    expect(this.isUp, 'two processes at once').to.equal(false);
    this.events.push('start');
    this.#starting = Promise.withResolvers();
    this.#crash = Promise.withResolvers();
    await this.#starting.promise;
    this.isUp = true;
  }

  unexpectedEnd(): Promise<Error> {
    return this.#crash.promise;
  }

  async terminate(): Promise<void> {
    this.events.push('terminate');
    this.#ending = Promise.withResolvers();
    await this.#ending.promise;
    this.isUp = false;
  }

  async kill(): Promise<void> {
    this.events.push('kill');
    this.isUp = false;
    this.#ending.resolve(undefined);
  }

  started(): void {
    this.#starting.resolve(undefined);
  }

  failsToStart(): void {
    this.#starting.reject(new Error('no such module'));
  }

  ended(): void {
    this.#ending.resolve(undefined);
  }

  crashes(): void {
    this.isUp = false;
    this.#crash.resolve(new Error('out of memory'));
  }
}

describe('an instance on demand', () => {
  let instance: FakeInstance;
  let clock: VirtualClock;
  let onDemand: OnDemand;
  let reports: string[];
  /** How many requests have reached the instance. */
  let served: number;

  beforeEach(() => {
    instance = new FakeInstance();
    clock = new VirtualClock();
    reports = [];
    served = 0;
    onDemand = new OnDemand(instance, {
      idleTime: IDLE_TIME,
      environment: clock,
      onCrash: ({ message }) => reports.push(`crash: ${message}`),
      onFailedStart: ({ message }) => reports.push(`failed start: ${message}`),
    });
  });

  /** Makes a request, which lasts until `finish` is called. */
  function request() {
    const answer = Promise.withResolvers<undefined>();
    const done = onDemand.serve(async () => {
      expect(instance.isUp, 'a request reaches a process that is up').to.equal(true);
      served += 1;
      await answer.promise;
    });
    return { done, finish: () => answer.resolve(undefined) };
  }

  async function requestToTheEnd(): Promise<void> {
    const { done, finish } = request();
    await settle();
    instance.started();
    finish();
    await done;
  }

  it('starts with the first request', async () => {
    expect(instance.events).to.deep.equal([]);
    await requestToTheEnd();
    expect(instance.events).to.deep.equal(['start']);
  });

  it('starts once for requests that come while it starts, and serves each of them', async () => {
    const requests = [request(), request(), request()];
    await settle();
    expect([instance.events, served]).to.deep.equal([['start'], 0]);
    instance.started();
    await settle();
    expect(served).to.equal(3);
    for (const { done, finish } of requests) {
      finish();
      await done;
    }
    expect(instance.events).to.deep.equal(['start']);
  });

  it('is terminated when there has been no request for the idle time', async () => {
    await requestToTheEnd();
    clock.advance(IDLE_TIME - 1);
    expect(instance.events).to.deep.equal(['start']);
    clock.advance(1);
    expect(instance.events).to.deep.equal(['start', 'terminate']);
  });

  it('waits for the idle time again after each request', async () => {
    await requestToTheEnd();
    clock.advance(IDLE_TIME - 1);
    await requestToTheEnd();
    clock.advance(IDLE_TIME - 1);
    expect(instance.events).to.deep.equal(['start']);
  });

  it('is not terminated while a request is open, however long that takes', async () => {
    const long = request();
    await requestToTheEnd();
    clock.advance(100 * IDLE_TIME);
    expect(instance.events).to.deep.equal(['start']);
    long.finish();
    await long.done;
    clock.advance(IDLE_TIME);
    expect(instance.events).to.deep.equal(['start', 'terminate']);
  });

  it('starts again for a request that comes while it ends, after the end', async () => {
    await requestToTheEnd();
    clock.advance(IDLE_TIME);
    const late = request();
    await settle();
    expect(instance.events).to.deep.equal(['start', 'terminate']);
    instance.ended();
    await settle();
    instance.started();
    late.finish();
    await late.done;
    expect([instance.events, served]).to.deep.equal([['start', 'terminate', 'start'], 2]);
  });

  it('is killed when it does not end within ten seconds of SIGTERM', async () => {
    await requestToTheEnd();
    clock.advance(IDLE_TIME);
    clock.advance(9_999);
    expect(instance.events).to.deep.equal(['start', 'terminate']);
    clock.advance(1);
    expect(instance.events).to.deep.equal(['start', 'terminate', 'kill']);
  });

  it('starts again with the next request after a crash, which it reports', async () => {
    await requestToTheEnd();
    instance.crashes();
    await settle();
    expect([instance.events, reports]).to.deep.equal([['start'], ['crash: out of memory']]);
    await requestToTheEnd();
    expect([instance.events, served]).to.deep.equal([['start', 'start'], 2]);
  });

  it('refuses the requests that waited when it does not start, and tries again with the next', async () => {
    const requests = [request(), request()];
    await settle();
    instance.failsToStart();
    for (const { done } of requests) expect(await done.catch(String)).to.include('no such module');
    expect([reports, served]).to.deep.equal([['failed start: no such module'], 0]);
    await requestToTheEnd();
    expect(served).to.equal(1);
  });

  it('never starts again once it is closed', async () => {
    await requestToTheEnd();
    await onDemand.close();
    expect(await request().done.catch(String)).to.include('closed');
    await settle();
    clock.advance(2 * IDLE_TIME);
    expect([instance.events, reports]).to.deep.equal([['start', 'kill'], []]);
  });

  it('serves every request in any order of requests, answers, crashes, ends and pauses', async () => {
    const step = fc.constantFrom('request', 'answer', 'started', 'ended', 'crash', 'pause', 'long pause');
    await fc.assert(
      fc.asyncProperty(fc.array(step, { maxLength: 30 }), async (steps) => {
        instance = new FakeInstance();
        clock = new VirtualClock();
        onDemand = new OnDemand(instance, {
          idleTime: IDLE_TIME,
          environment: clock,
          onCrash: () => undefined,
          onFailedStart: () => undefined,
        });
        served = 0;
        const all: ReturnType<typeof request>[] = [];
        const open: ReturnType<typeof request>[] = [];
        const actions: Record<string, () => unknown> = {
          request() {
            const made = request();
            all.push(made);
            open.push(made);
          },
          answer: () => open.shift()?.finish(),
          started: () => instance.started(),
          ended: () => instance.ended(),
          crash: () => instance.isUp && instance.crashes(),
          pause: () => clock.advance(IDLE_TIME / 2),
          'long pause': () => clock.advance(IDLE_TIME),
        };
        for (const each of steps) {
          actions[each]?.();
          await settle();
        }
        instance.ended();
        await settle();
        instance.started();
        for (const { finish } of open) finish();
        await Promise.all(all.map(({ done }) => done));
        expect(served).to.equal(all.length);
      }),
      { numRuns: 200 },
    );
  });
});
