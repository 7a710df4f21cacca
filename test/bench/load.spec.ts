import { once } from 'node:events';
import { createServer, type IncomingMessage, type RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { setTimeout as delay } from 'node:timers/promises';
import { expect } from 'chai';
import { post, postAll, type Call } from '../../bench/http-load.ts';
import { arrivals, closedLoop, openLoop } from '../../bench/loops.ts';
import { Outcomes } from '../../bench/outcomes.ts';
import { inTurns, jobs, Lane } from '../../bench/rounds.ts';
import { Random } from '../../emulator-data/random.ts';

describe('the load of the benchmark', () => {
  it('keeps the given number of tasks running, and does each once', async () => {
    let [underWay, most] = [0, 0];
    const done: number[] = [];
    await closedLoop(20, 3, async (index) => {
      most = Math.max(most, (underWay += 1));
      await delay(1);
      underWay -= 1;
      done.push(index);
    });
    expect(most).to.equal(3);
    expect(done.toSorted((a, b) => a - b)).to.deep.equal(Array.from({ length: 20 }, (_, index) => index));
  });

  it('starts no more tasks than there are', async () => {
    let started = 0;
    await closedLoop(2, 80, async () => (started += 1));
    expect(started).to.equal(2);
  });

  it('arrives at random times, in order, at the given rate, and equally in every run', () => {
    const times = arrivals(10_000, 50, new Random(1));
    expect(times).to.deep.equal(arrivals(10_000, 50, new Random(1)));
    expect(times).to.deep.equal(times.toSorted((a, b) => a - b));
    expect((times.at(-1) ?? 0) / 10_000, 'ms between two').to.be.closeTo(20, 1);
    const gaps = times.slice(1).map((time, index) => time - (times[index] ?? 0));
    // In a Poisson process, 63 % of the gaps are shorter than the mean.
    expect(gaps.filter((gap) => gap < 20).length / gaps.length).to.be.closeTo(0.632, 0.02);
  });

  it('counts the wait of tasks that are due during a stall', async () => {
    const durations = await openLoop([0, 1, 2], async (index) => {
      if (index === 0) {
        const end = performance.now() + 40;
        while (performance.now() < end);
      }
      return performance.now();
    });
    expect(durations[0]).to.be.at.least(40);
    expect(durations[1]).to.be.at.least(39);
    expect(durations[2]).to.be.at.least(38);
  });

  it('joins outcomes with those who wait for them, whichever comes first', async () => {
    const outcomes = new Outcomes();
    const early = [outcomes.of('a'), outcomes.of('a')];
    outcomes.announce('b');
    outcomes.announce('a');
    outcomes.announce('a');
    const [first = NaN, second = NaN] = await Promise.all(early);
    expect(first).to.be.at.most(second);
    expect(await outcomes.of('b')).to.be.at.most(first);
    let third = false;
    void outcomes.of('b').then(() => (third = true));
    await Promise.resolve();
    expect(third, 'an outcome goes to one waiter').to.equal(false);
    outcomes.announce('b');
  });

  it('takes lanes in turns, with as many jobs as fit into a round', async () => {
    const turns: string[] = [];
    const lane = (name: string): Lane => {
      const prepare = jobs(10, () => {
        turns.push(name);
        return async () => delay(1);
      });
      let cpu = 0;
      return new Lane({ prepare, inFlight: 10, roundLength: 0.02, cpuTimes: async () => [(cpu += 5)] });
    };
    const lanes = [lane('baseline'), lane('function')];
    await inTurns(lanes, 2);
    const blocks = turns.filter((name, index) => name !== turns[index - 1]);
    // First each lane tries how fast it is, then it is measured.
    const oneTurn = ['baseline', 'function'];
    expect(blocks).to.deep.equal([...oneTurn, ...oneTurn, ...oneTurn]);
    for (const { rounds } of lanes) {
      expect(rounds).to.have.length(2);
      for (const { rate, cpu } of rounds) {
        expect(rate).to.be.greaterThan(0);
        expect(cpu[0], 'CPU of a job').to.be.within(Number.EPSILON, 5);
      }
    }
  });
});

describe('the HTTP load of the benchmark', () => {
  const call = (index: number): Call => ({
    path: `/${index}`,
    headers: { 'x-index': `${index}` },
    body: index % 2 === 0 ? `body ${index}` : new Uint8Array(Buffer.from(`body ${index}`)),
  });

  async function withServer<T>(answer: RequestListener, use: (url: string) => Promise<T>): Promise<T> {
    const server = createServer(answer).listen(0, '127.0.0.1');
    await once(server, 'listening');
    try {
      return await use(`http://127.0.0.1:${(server.address() as AddressInfo).port}`);
    } finally {
      server.close();
      server.closeAllConnections();
    }
  }

  const seen = async (request: IncomingMessage): Promise<string> =>
    `${request.method} ${request.url} ${String(request.headers['x-index'])} ${await text(request)}`;

  it('posts each call once, whether alone or one of many at a time', async () => {
    const requests: string[] = [];
    let [underWay, most] = [0, 0];
    const answer: RequestListener = (request, response) => {
      most = Math.max(most, (underWay += 1));
      void seen(request).then((line) => {
        requests.push(line);
        underWay -= 1;
        response.writeHead(204).end();
      });
    };
    await withServer(answer, async (url) => {
      await postAll(url, [0, 1, 2, 3, 4, 5, 6].map(call), 3);
      await postAll(url, [call(7)], 80);
      await post(url, call(8));
    });
    expect(requests.toSorted()).to.deep.equal(
      [0, 1, 2, 3, 4, 5, 6, 7, 8].map((index) => `POST /${index} ${index} body ${index}`),
    );
    expect(most).to.be.within(1, 3);
  });

  it('fails when an answer is not 2xx, or when there is none', async () => {
    const refusal: RequestListener = ({ url }, response) => {
      response.writeHead(url === '/3' ? 500 : 204).end();
    };
    const calls = [1, 2, 3, 4].map(call);
    await withServer(refusal, async (url) => {
      expect(await postAll(url, calls, 2).catch(String)).to.match(/answered .*"500":\{"count":1\}/u);
      expect(await post(url, call(3)).catch(String)).to.contain('/3 answered 500.');
    });
    const failure = await postAll('http://127.0.0.1:1', calls, 2).catch(String);
    expect(failure).to.match(/did not answer \d+ of 4 requests/u);
  });
});
