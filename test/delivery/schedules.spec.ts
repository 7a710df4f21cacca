import { expect } from 'chai';
import type { Fact } from '../support/schedules/history.ts';
import { hardCases } from '../support/schedules/hard-cases.ts';
import { playSchedule, playSchedules } from '../support/schedules/play.ts';

/** Every test run plays the same schedules; `npm run schedules` plays others. */
const choice = { seed: 20_260_501, runs: 200 };

describe('a schedule in which', () => {
  for (const { name, schedule } of hardCases) {
    it(`${name} breaks no promise`, async function () {
      this.timeout(60_000);
      await playSchedule(schedule);
    });
  }
});

describe('random schedules of purchases, deliveries, crashes, outages and time', () => {
  const counts = new Map<string, number>();

  it(`break no promise in ${choice.runs} runs`, async function () {
    this.timeout(600_000);
    await playSchedules(choice, (history) => {
      for (const { fact } of history) counts.set(fact, (counts.get(fact) ?? 0) + 1);
    });
  });

  it('reach every kind of event that could break one', () => {
    const kinds: Fact['fact'][] = [
      'notified',
      'suppressed',
      'claimed',
      'taken-up',
      'handed-over',
      'known-accepted',
      'given-up',
      'crashed',
    ];
    for (const kind of kinds) expect(counts.get(kind) ?? 0, kind).to.be.above(20);
  });
});
