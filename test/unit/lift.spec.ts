import { expect } from 'chai';
import { parseEnvironment } from '../../functions/src/config/environment.ts';
import { attributionVariables } from '../../functions/src/config/variables.ts';
import { ConversionTally, type Conversions, type FirstPurchase } from '../../operations/lift/conversions.ts';
import { EmailTally } from '../../operations/lift/emails.ts';
import { periodText, periodOf } from '../../operations/lift/period.ts';
import { liftOf, verdictText, type Verdict } from '../../operations/lift/verdict.ts';
import { reportText } from '../../operations/lift/text.ts';
import { day, hour, minute, now } from '../support/transactions.ts';

const window = 30 * day;

function tallied(...purchases: FirstPurchase[]): Conversions {
  const tally = new ConversionTally(window, now);
  for (const purchase of purchases) tally.add(purchase);
  return tally.conversions;
}

describe('counting conversions', () => {
  const firstTransactionAt = now - 60 * day;

  for (const group of ['outreach', 'control'] as const) {
    const buyer = { group, firstTransactionAt };
    it(`counts a sign-up within the window, to the millisecond, in the ${group} group`, () => {
      expect(tallied({ ...buyer, signedUpAt: firstTransactionAt + window })[group]).to.deep.equal({
        count: 1,
        total: 1,
      });
      expect(tallied({ ...buyer, signedUpAt: firstTransactionAt + window + 1 })[group].count).to.equal(0);
      expect(tallied({ ...buyer, signedUpAt: firstTransactionAt })[group].count).to.equal(1);
    });
    it(`counts customers who never signed up in the ${group} group, emailed or not`, () => {
      expect(tallied(buyer, buyer)[group]).to.deep.equal({ count: 0, total: 2 });
    });
    it(`leaves customers who had signed up before out of the ${group} group`, () => {
      const counted = tallied({ ...buyer, signedUpAt: firstTransactionAt - 1 });
      expect(counted[group].total).to.equal(0);
      expect(counted.signedUpBefore).to.equal(1);
    });
  }
  it('uses the attribution window of the functions', () => {
    expect(parseEnvironment(attributionVariables, {})).to.deep.equal({ ATTRIBUTION_WINDOW: window });
    expect(parseEnvironment(attributionVariables, { ATTRIBUTION_WINDOW: '1d' })).to.deep.equal({
      ATTRIBUTION_WINDOW: day,
    });
  });
  it('counts the customers who may still sign up', () => {
    const recent = { group: 'outreach', firstTransactionAt: now - window + 1 } as const;
    expect(tallied(recent).stillOpen).to.equal(1);
    expect(tallied({ ...recent, signedUpAt: now }).stillOpen).to.equal(0);
    expect(tallied({ ...recent, firstTransactionAt: now - window }).stillOpen).to.equal(0);
  });
});

describe('the lift', () => {
  const counted = (outreach: [number, number], control: [number, number]): Conversions => ({
    outreach: { count: outreach[0], total: outreach[1] },
    control: { count: control[0], total: control[1] },
    signedUpBefore: 0,
    stillOpen: 0,
  });

  for (const [verdict, outreach, control, words] of [
    ['no-control-group', [9, 90], [0, 0], /CONTROL_GROUP_SHARE/],
    ['no-outreach-group', [0, 0], [9, 90], /every customer .* control group/],
    ['too-few', [29, 29], [0, 90], /Too few customers to tell.* 30\./],
    ['too-few', [90, 90], [0, 29], /Too few customers to tell/],
    ['undecided', [9, 90], [3, 30], /too small to tell: .* contains 0/],
    ['more', [56, 70], [48, 80], /of 100 buyers, 5\.2 to 33\.4 more sign up/],
    ['fewer', [48, 80], [56, 70], /of 100 buyers, 5\.2 to 33\.4 fewer sign up/],
  ] as [Verdict, [number, number], [number, number], RegExp][]) {
    it(`is ${verdict} for ${outreach.join(' of ')} against ${control.join(' of ')}`, () => {
      const lift = liftOf(counted(outreach, control));
      expect(lift.verdict).to.equal(verdict);
      expect(verdictText(lift)).to.match(words);
    });
  }
});

describe('summing up emails', () => {
  it('counts by template and content source, without the clicks of scanners', () => {
    const tally = new EmailTally();
    const join = { template: 'join', contentSource: 'analytics' } as const;
    const scanned = { firstAt: now + minute, lastAt: now + minute };
    tally.add({ ...join, heardOfAt: now, delivery: { deliveredAt: now }, convertedAt: now + day });
    tally.add({
      ...join,
      heardOfAt: now,
      delivery: { deliveredAt: now, clicks: { join: { firstAt: now + hour, lastAt: now + hour } } },
    });
    tally.add({
      ...join,
      heardOfAt: now,
      delivery: { deliveredAt: now + minute, clicks: { join: scanned, unsubscribe: scanned } },
    });
    tally.add({ ...join, contentSource: 'static' });
    tally.add({});
    expect(tally.results).to.deep.equal([
      { ...join, accepted: 3, heardOf: 3, delivered: 3, clicked: 1, conversions: 1 },
      { ...join, contentSource: 'static', accepted: 1, heardOf: 0, delivered: 0, clicked: 0, conversions: 0 },
      {
        template: 'unknown',
        contentSource: 'unknown',
        accepted: 1,
        heardOf: 0,
        delivered: 0,
        clicked: 0,
        conversions: 0,
      },
    ]);
  });
});

describe('a period', () => {
  it('includes both its days', () => {
    const period = periodOf('2026-05-01', '2026-05-31', now);
    expect(period).to.deep.equal({ from: Date.UTC(2026, 4, 1), until: Date.UTC(2026, 5, 1) });
    expect(periodText(period)).to.equal('2026-05-01 to 2026-05-31');
  });
  it('is all time up to today without dates', () => {
    expect(periodOf(undefined, undefined, now)).to.deep.equal({ from: 0, until: Date.UTC(2026, 4, 2) });
    expect(periodText(periodOf(undefined, undefined, now))).to.equal('until 2026-05-01');
  });
  for (const date of ['2026-02-30', 'May', '2026-5-1', '2026-05-01T10:00', '']) {
    it(`cannot start on "${date}"`, () => {
      expect(() => periodOf(date, undefined, now)).to.throw(RangeError, 'is not a date such as');
    });
  }
  it('cannot end before it starts', () => {
    expect(() => periodOf('2026-05-02', '2026-05-01', now)).to.throw(RangeError, 'ends before it begins');
  });
});

describe('the report', () => {
  const report = {
    period: periodOf('2026-05-01', '2026-05-31', now),
    window,
    conversions: {
      outreach: { count: 56, total: 70 },
      control: { count: 48, total: 80 },
      signedUpBefore: 3,
      stillOpen: 7,
    },
    emails: [
      {
        template: 'join',
        contentSource: 'static' as const,
        accepted: 70,
        heardOf: 0,
        delivered: 0,
        clicked: 0,
        conversions: 50,
      },
    ],
  };

  it('gives the counts in a table and explains them in sentences', () => {
    const lines = reportText({ ...report, lift: liftOf(report.conversions) }).split('\n');
    const squeezed = lines.map((line) => line.trim().replaceAll(/ {2,}/gu, ' | '));
    expect(squeezed).to.include.members([
      'outreach group | 70 | 56 | 80.0 % | 69.2 % to 87.7 %',
      'control group | 80 | 48 | 60.0 % | 49.0 % to 70.0 %',
      'difference in points | 20.0 % | 5.2 % to 33.4 %',
      '7 of them bought less than 30 days ago and may still sign up.',
      '3 more had signed up before they bought and count in neither group.',
      'join | static | 70 | unknown | unknown | 50 | 71.4 % | 59.9 % to 80.7 %',
    ]);
  });
});
