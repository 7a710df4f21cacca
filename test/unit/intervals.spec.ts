import { expect } from 'chai';
import fc from 'fast-check';
import { newcombeInterval, share, wilsonInterval, type Interval } from '../../operations/lift/intervals.ts';

const rounded = ({ lower, upper }: Interval) => [lower, upper].map((limit) => Number(limit.toFixed(4)));

describe('the interval around a share', () => {
  // R. G. Newcombe, Two-sided confidence intervals for the single proportion, Statistics in Medicine 17 (1998),
  // 857–872, table I, method 3.
  for (const [count, total, lower, upper] of [
    [81, 263, 0.2553, 0.3662],
    [15, 148, 0.0624, 0.1605],
    [0, 20, 0, 0.1611],
    [1, 29, 0.0061, 0.1718],
  ] as const) {
    it(`is the published one for ${count} of ${total}`, () => {
      expect(rounded(wilsonInterval({ count, total }))).to.deep.equal([lower, upper]);
    });
  }
});

describe('the interval around the difference of two shares', () => {
  // Newcombe's paper on the difference, Statistics in Medicine 17 (1998), 873–890, table II, method 10.
  for (const [one, other, lower, upper] of [
    [[56, 70], [48, 80], 0.0524, 0.3339],
    [[9, 10], [3, 10], 0.1705, 0.809],
    [[6, 7], [2, 7], 0.0582, 0.8062],
    [[5, 56], [0, 29], -0.0381, 0.1926],
    [[0, 10], [0, 20], -0.1611, 0.2775],
    [[0, 10], [0, 10], -0.2775, 0.2775],
    [[10, 10], [0, 20], 0.6791, 1],
    [[10, 10], [0, 10], 0.6075, 1],
  ] as const) {
    it(`is the published one for ${one.join(' of ')} against ${other.join(' of ')}`, () => {
      const interval = newcombeInterval(
        { count: one[0], total: one[1] },
        { count: other[0], total: other[1] },
      );
      expect(rounded(interval)).to.deep.equal([lower, upper]);
    });
  }

  const proportion = fc
    .integer({ min: 1, max: 5000 })
    .chain((total) => fc.record({ count: fc.integer({ min: 0, max: total }), total: fc.constant(total) }));

  it('contains the counted difference, and changes its sign when the groups are swapped', () => {
    fc.assert(
      fc.property(proportion, proportion, (one, other) => {
        const { lower, upper } = newcombeInterval(one, other);
        expect(share(one) - share(other)).to.be.within(lower, upper);
        expect(lower).to.be.at.least(-1 - 1e-12);
        expect(upper).to.be.at.most(1 + 1e-12);
        const swapped = newcombeInterval(other, one);
        expect(swapped.lower).to.be.closeTo(-upper, 1e-12);
        expect(swapped.upper).to.be.closeTo(-lower, 1e-12);
      }),
    );
  });
});
