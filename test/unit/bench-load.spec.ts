import { setTimeout as delay } from 'node:timers/promises';
import { expect } from 'chai';
import { arrivals, closedLoop, openLoop } from '../../bench/load.ts';
import { Outcomes } from '../../bench/outcomes.ts';
import { inTurns, Lane } from '../../bench/rounds.ts';
import { Random } from '../../emulator-data/random.ts';

describe('the load of the benchmark', () => {
  it('keeps as many tasks going as are wanted, and does each once', async () => {
    let [underWay, most] = [0, 0];
    const done: number[] = [];
    const rate = await closedLoop(20, 3, async (index) => {
      most = Math.max(most, (underWay += 1));
      await delay(1);
      underWay -= 1;
      done.push(index);
    });
    expect(most).to.equal(3);
    expect(done.toSorted((a, b) => a - b)).to.deep.equal(Array.from({ length: 20 }, (_, index) => index));
    expect(rate).to.be.greaterThan(0);
  });

  it('starts no more tasks than there are', async () => {
    let started = 0;
    await closedLoop(2, 80, async () => (started += 1));
    expect(started).to.equal(2);
  });

  it('comes at random times, in order, at the rate that is wanted, and the same in every run', () => {
    const times = arrivals(10_000, 50, new Random(1));
    expect(times).to.deep.equal(arrivals(10_000, 50, new Random(1)));
    expect(times).to.deep.equal(times.toSorted((a, b) => a - b));
    expect((times.at(-1) ?? 0) / 10_000, 'ms between two').to.be.closeTo(20, 1);
    const gaps = times.slice(1).map((time, index) => time - (times[index] ?? 0));
    // Of a Poisson process, 63 % of the gaps are shorter than the mean.
    expect(gaps.filter((gap) => gap < 20).length / gaps.length).to.be.closeTo(0.632, 0.02);
  });

  it('counts the wait of those who come while everything stands still', async () => {
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

  it('brings news and those who wait for it together, whichever comes first', async () => {
    const outcomes = new Outcomes();
    const early = [outcomes.of('a'), outcomes.of('a')];
    outcomes.happened('b');
    outcomes.happened('a');
    outcomes.happened('a');
    const [first = NaN, second = NaN] = await Promise.all(early);
    expect(first).to.be.at.most(second);
    expect(await outcomes.of('b')).to.be.at.most(first);
    let third = false;
    void outcomes.of('b').then(() => (third = true));
    await Promise.resolve();
    expect(third, 'nothing happens twice').to.equal(false);
  });

  it('takes lanes in turns, with as many jobs as fit into a round', async () => {
    const turns: string[] = [];
    const lane = (name: string): Lane => {
      const prepare = () => {
        turns.push(name);
        return async () => delay(1);
      };
      return new Lane(prepare, 10, 0.02);
    };
    const lanes = [lane('floor'), lane('function')];
    await inTurns(lanes, 2);
    const blocks = turns.filter((name, index) => name !== turns[index - 1]);
    // First each finds out how fast it goes, then they are measured.
    const oneTurn = ['floor', 'function'];
    expect(blocks).to.deep.equal([...oneTurn, ...oneTurn, ...oneTurn]);
    for (const { rounds } of lanes) {
      expect(rounds).to.have.length(2);
      for (const { rate } of rounds) expect(rate).to.be.greaterThan(0);
    }
  });
});
