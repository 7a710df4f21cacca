import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { expect } from 'chai';
import { load } from 'cheerio';
import { figure, percent, spread, table } from '../../bench/report/format.ts';
import { markdownOf } from '../../bench/report/markdown.ts';
import { writeReport } from '../../bench/report/write.ts';
import type { Report } from '../../bench/sections.ts';

const around = (median: number) => ({ median, min: median / 2, max: median * 2 });
const percentiles = { p50: 20.123456, p95: 40, p99: 60 };
const recorded = (inFlight: number, customers: number, pushed: number, share: number) => ({
  inFlight,
  customers,
  baseline: around(1_000),
  empty: around(4_000),
  pushed: around(pushed),
  ratio: around(share),
  ratioToBoth: around(share * 1.25),
  cpu: around(0.6),
  benchmarkLoad: 0.1,
});
const sample = (events: number) => ({ events, rss: 120, heap: 25 });
const memory = {
  functionName: 'recordTransaction',
  unit: 'purchases',
  events: 100_000,
  peak: 128,
  samples: [sample(50_000), sample(100_000)],
  growth: 0.01,
};

const report: Report = {
  machine: { cores: 2, processor: 'A processor', memory: 24, node: '24.0.0' },
  date: '2026-11-23',
  quick: false,
  took: 15,
  recording: [recorded(8, 1, 500, 0.5), recorded(8, 1_000, 800, 0.8)],
  sending: {
    throughput: [
      {
        inFlight: 8,
        customers: 1_000,
        emails: around(100),
        cpu: { recordTransaction: around(2), targetCustomer: around(4) },
      },
    ],
    latency: [
      { count: 200, percentiles },
      { rate: 50, count: 1_000, percentiles },
    ],
  },
  memory: [memory],
  coldStarts: [
    { name: 'recordTransaction', time: around(300), bare: around(200), ratio: 1.5 },
    { name: 'naive', time: around(600), bare: around(200), ratio: 3 },
  ],
};

describe('the report of the benchmark', () => {
  it('says where and when, and compares everything that is comparable', () => {
    const text = markdownOf(report);
    expect(text).to.contain('on 2026-11-23, in 15 minutes, on 2 cores (A processor) with 24 GB, Node 24.0.0');
    expect(text).to.contain('1 of 2 combinations reach at least 0.70 of the baseline.');
    expect(text).to.contain('0.63 with 8 in flight');
    expect(text).to.match(
      /8 +\| +1,000 \| +1,000 \| +4,000 \| +800 \| +0\.80 \([^|]+\| +1\.00 \([^|]+\| +0\.60 \(0\.30 to 1\.2\) \| +10 %/u,
    );
    expect(text).to.match(/8 +\| +1,000 \| +100 \(50 to 200\) \| +2\.0 \([^|]+\| +4\.0 \(/u);
    expect(text).to.match(/half of the sustained rate, 50 a second +\| +1,000 \| +20 \| +40 \| +60 \|/u);
    expect(text).to.match(
      /recordTransaction +\| +100,000 purchases \| +128 \| +120 \| +25 \| +0\.010 \| +512 \| +75 %/u,
    );
    expect(text).to.match(/naive +\| +600 \(300 to 1,200\) \| +200 \(100 to 400\) \| +3\.00 \|/u);
  });

  it('leaves out what was not measured', () => {
    const { machine, date } = report;
    const text = markdownOf({ machine, date, quick: true, took: 1 });
    expect(text).to.contain('npm run bench -- --quick').and.not.to.contain('##');
  });

  it('is written with every plot that it shows', async () => {
    const folder = await mkdtemp(path.join(tmpdir(), 'farmacy-report-'));
    try {
      await writeReport(report, folder);
      expect((await readdir(folder)).toSorted()).to.deep.equal(['plots', 'report.md']);
      const text = await readFile(path.join(folder, 'report.md'), 'utf8');
      const shown = [...text.matchAll(/\]\(plots\/(\S+)\)/gu)].map(([, file]) => file);
      expect(shown.toSorted()).to.deep.equal((await readdir(path.join(folder, 'plots'))).toSorted());
      expect(shown).to.have.length(4);
      for (const file of shown) {
        const svg = await readFile(path.join(folder, 'plots', file ?? ''), 'utf8');
        const root = load(svg, { xml: true })(':root');
        expect(root.attr('xmlns'), file).to.equal('http://www.w3.org/2000/svg');
        expect(root.attr('style'), file).to.contain('background:#');
        expect(root.attr('aria-label'), file).to.not.equal('');
        expect(svg, file).to.not.match(/NaN|undefined/u);
      }
    } finally {
      await rm(folder, { recursive: true });
    }
  });

  it('shows significant digits only', () => {
    expect([1_234.5, 99.4, 9.87, 0.123, 0].map(figure)).to.deep.equal(['1,235', '99', '9.9', '0.12', '0']);
    expect(percent(0.256)).to.equal('26 %');
    expect(spread({ median: 2, min: 1, max: 30 })).to.equal('2.0 (1.0 to 30)');
    expect(table(['a', 'b'], [['x', '1']])).to.equal('| a    |    b |\n| ---- | ---: |\n| x    |    1 |');
  });
});
