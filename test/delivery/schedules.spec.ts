import { readFileSync } from 'node:fs';
import { expect } from 'chai';
import type { Fact } from '../support/schedules/history.ts';
import { hardCases } from '../support/schedules/hard-cases.ts';
import { mutate } from '../support/schedules/mutant.ts';
import { mutants } from '../support/schedules/mutants.ts';
import { playMutants, type Verdict } from '../support/schedules/mutation-test.ts';
import { BLOCK, ci, playBlocks, Player } from '../support/schedules/players.ts';

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
  this.timeout(1_800_000);
  const counts = new Map<string, number>();

  it(`break no promise in ${ci.blocks * BLOCK} runs`, async () => {
    await playBlocks(ci.seed, 0, ci.blocks, (_block, result) => {
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
    for (const kind of kinds) expect(counts.get(kind) ?? 0, kind).to.be.above(ci.blocks * 10);
  });

  it('happen again with the same seed, to the last write, fact and log line', async () => {
    const [one, other] = [new Player(), new Player()];
    try {
      await one.play({ seed: ci.seed + 1, runs: 3 });
      const task = { seed: ci.seed, runs: 20 };
      const [first, second] = await Promise.all([one.play(task), other.play(task)]);
      expect(second.digest).to.equal(first.digest);
      expect((await other.play({ seed: ci.seed + 1, runs: 20 })).digest).to.not.equal(first.digest);
    } finally {
      one.close();
      other.close();
    }
  });
});

/** `npm run schedules -- --mutants` plays all of them. */
describe('the mutants that random schedules must find', function () {
  this.timeout(120_000);

  for (const mutant of mutants) {
    it(`fit the source: one that ${mutant.name}`, () => {
      const source = readFileSync(new URL(`../../functions/src/${mutant.file}`, import.meta.url), 'utf8');
      expect(mutate(mutant, source)).to.not.equal(source);
    });
  }

  it('are found, such as one that writes to the control group', async () => {
    const verdicts: Verdict[] = [];
    await playMutants('writes to the control group', (verdict) => verdicts.push(verdict));
    expect(verdicts.map(({ schedules }) => schedules))
      .to.have.length(1)
      .and.to.not.include(undefined);
  });
});
