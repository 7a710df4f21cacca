import { expect } from 'chai';
import { schedules } from '../../functions/subscriptions.ts';
import { startScheduler } from '../../local/stack/scheduler.ts';
import { VirtualClock } from '../support/virtual-clock.ts';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;

describe('the scheduler of the local stack', () => {
  let clock: VirtualClock;
  let published: string[];
  const publish = (topic: string): void => {
    published.push(`${topic} ${new Date(clock.now()).toISOString()}`);
  };
  beforeEach(() => {
    clock = new VirtualClock();
    published = [];
  });

  it('publishes to each topic when it is due, in UTC', () => {
    clock.advance(3 * MINUTE + 7);
    const jobs = [
      { topic: 'often', cron: '*/5 * * * *' },
      { topic: 'daily', cron: '10 4 * * *' },
    ];
    startScheduler(publish, jobs, clock);
    clock.advance(7 * MINUTE);
    expect(published).to.deep.equal(['often 2026-01-01T00:05:00.000Z', 'often 2026-01-01T00:10:00.000Z']);
    clock.advance(24 * HOUR);
    expect(published.filter((each) => each.startsWith('daily'))).to.deep.equal([
      'daily 2026-01-01T04:10:00.000Z',
    ]);
  });

  it('plays the jobs that are deployed, until it is stopped', () => {
    const stop = startScheduler(publish, undefined, clock);
    clock.advance(HOUR);
    expect(published).to.have.length.at.least(schedules.length);
    const { length } = published;
    stop();
    clock.advance(HOUR);
    expect(published).to.have.lengthOf(length);
  });
});
