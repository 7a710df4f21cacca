import { expect } from 'chai';
import { percentilesOf, slopeOf, spreadOf } from '../../bench/statistics.ts';

describe('the statistics of the benchmark', () => {
  it('are percentiles', () => {
    const values = Array.from({ length: 1_000 }, (_, index) => 1_000 - index);
    const { p50, p95, p99 } = percentilesOf(values);
    expect(p50).to.be.closeTo(500.5, 0.5);
    expect(p95).to.be.closeTo(950.5, 0.5);
    expect(p99).to.be.closeTo(990.5, 0.5);
  });

  it('are the median and both extremes', () => {
    expect(spreadOf([5, 1, 3])).to.deep.equal({ median: 3, min: 1, max: 5 });
  });

  it('are slopes', () => {
    expect(slopeOf([1, 2, 3].map((x) => ({ x, y: 7 })))).to.equal(0);
    expect(slopeOf([0, 10, 20].map((x) => ({ x, y: 3 + x / 2 })))).to.be.closeTo(0.5, 1e-12);
  });
});
