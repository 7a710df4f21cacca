import { expect } from 'chai';
import fc from 'fast-check';
import {
  endOfPause,
  maskedAddress,
  PAUSE_MONTHS,
  subscriptionOf,
} from '../../functions/src/domain/subscription.ts';
import { day, hour, now } from '../support/transactions.ts';

describe('a subscription', () => {
  const of = (suppression: Parameters<typeof subscriptionOf>[0]) => subscriptionOf(suppression, now);

  it('is active by default', () => {
    for (const suppression of [undefined, {}, { suppressions: {} }]) {
      expect(of(suppression)).to.deep.equal({ state: 'subscribed' });
    }
  });
  it('is paused until the end of the pause', () => {
    expect(of({ pausedUntil: now + 1 })).to.deep.equal({ state: 'paused', until: now + 1 });
    expect(of({ pausedUntil: now })).to.deep.equal({ state: 'subscribed' });
  });
  it('can be resumed by its owner after an unsubscribe, with or without a pause', () => {
    const unsubscribed = now - day;
    expect(of({ suppressions: { unsubscribed } })).to.deep.equal({ state: 'stopped', mayUndo: true });
    expect(of({ suppressions: { unsubscribed }, pausedUntil: now + day })).to.deep.equal({
      state: 'stopped',
      mayUndo: true,
    });
  });
  it('cannot be resumed by its owner after another suppression', () => {
    for (const reason of ['bounced', 'dropped', 'spam-report'] as const) {
      expect(of({ suppressions: { [reason]: now } })).to.deep.equal({ state: 'stopped', mayUndo: false });
      expect(of({ suppressions: { [reason]: now, unsubscribed: now } })).to.have.property('mayUndo', false);
    }
  });
});

describe('a pause', () => {
  it('lasts for whole months, to the end of a day', () => {
    expect(new Date(endOfPause(Date.UTC(2026, 10, 23, 15, 30))).toISOString()).to.equal(
      '2027-02-23T00:00:00.000Z',
    );
  });
  it('ends at the same time for two requests in a row', () => {
    expect(endOfPause(now + 2 * hour)).to.equal(endOfPause(now));
  });
  it('lasts between 30 and 31 days a month, and at most a day more', () => {
    fc.assert(
      fc.property(fc.integer({ min: now, max: now + 400 * day }), (at) => {
        const length = endOfPause(at) - at;
        expect(length).to.be.within(PAUSE_MONTHS * 30 * day, PAUSE_MONTHS * 31 * day + day);
        expect(endOfPause(at) % day).to.equal(0);
      }),
    );
  });
});

describe('a masked address', () => {
  for (const [address, masked] of [
    ['ann.lee@example.com', 'a•••@e•••.com'],
    ['a@b.co.uk', 'a•••@b•••.uk'],
    ['"x@y"@example.org', '"•••@e•••.org'],
  ] as const) {
    it(`of ${address} is ${masked}`, () => {
      expect(maskedAddress(address)).to.equal(masked);
    });
  }
  it('does not reveal the length of the address', () => {
    expect(maskedAddress('ann@example.com')).to.equal(maskedAddress('anastasia.longname@elsewhere.com'));
  });
});
