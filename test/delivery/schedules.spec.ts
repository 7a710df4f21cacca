import { expect } from 'chai';
import type { Fact } from '../support/schedules/history.ts';
import { hardCases } from '../support/schedules/hard-cases.ts';
import { BLOCK, playBlocks, Player } from '../support/schedules/players.ts';

/** Every test run plays the same schedules; `npm run schedules` plays others. */
const SEED = 20_260_501;
const BLOCKS = 50;

describe('a schedule in which', function () {
  this.timeout(60_000);
  let player: Player;
  before(() => (player = new Player()));
  after(() => player.close());

  for (const { name } of hardCases) {
    it(`${name} breaks no promise`, async () => {
      const { failure } = await player.play({ hardCase: name });
      if (failure !== undefined) throw new Error(failure);
    });
  }
});

describe('random schedules of purchases, deliveries, kills, outages and time', function () {
  this.timeout(600_000);
  const counts = new Map<string, number>();

  it(`break no promise in ${BLOCKS * BLOCK} runs`, async () => {
    await playBlocks(SEED, 0, BLOCKS, (_block, result) => {
      for (const [fact, count] of Object.entries(result.counts)) {
        counts.set(fact, (counts.get(fact) ?? 0) + count);
      }
    });
  });

  it('reach every kind of event that could break one', () => {
    const kinds: Fact['fact'][] = [
      'notified',
      'choosing',
      'chosen',
      'complained',
      'switched',
      'claimed',
      'taken-up',
      'settled',
      'handed-over',
      'known-accepted',
      'killed',
    ];
    for (const kind of kinds) expect(counts.get(kind) ?? 0, kind).to.be.above(BLOCKS * 10);
  });

  it('happen again with the same seed, to the last write, fact and log line', async () => {
    const [one, other] = [new Player(), new Player()];
    try {
      await one.play({ seed: SEED + 1, runs: 3 });
      const task = { seed: SEED, runs: 20 };
      const [first, second] = await Promise.all([one.play(task), other.play(task)]);
      expect(second.digest).to.equal(first.digest);
      expect((await other.play({ seed: SEED + 1, runs: 20 })).digest).to.not.equal(first.digest);
    } finally {
      one.close();
      other.close();
    }
  });
});
