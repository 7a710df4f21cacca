import { execFile } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { promisify } from 'node:util';
import { expect } from 'chai';
import type { Browser } from 'playwright-core';
import { startBrowser } from './browser.ts';
import { transactionMessage } from '../support/transactions.ts';

const run = promisify(execFile);
const command = 'operations/report.ts';

/** Ann buys at noon, again nine minutes later and again after a week. An unknown customer buys once. */
const lines = [
  transactionMessage({ transactionId: '1', occurredAt: '2026-03-02T12:00:00Z' }),
  transactionMessage({ transactionId: '2', occurredAt: '2026-03-02T12:09:00Z' }),
  transactionMessage({ transactionId: '3', occurredAt: '2026-03-09T12:09:00Z' }),
  transactionMessage({ transactionId: '4', customer: undefined, location: { id: '<b>&amp;</b>' } }),
].map((message) => JSON.stringify(message));

describe('npm run report', function () {
  this.timeout(60_000);
  let folder: string;
  let input: string;

  before(async () => {
    folder = await mkdtemp(path.join(tmpdir(), 'farmacy-report-'));
    input = path.join(folder, 'purchases.ndjson');
    await writeFile(input, [...lines, 'nonsense', lines[0]].join('\n'));
  });
  after(() => rm(folder, { recursive: true, force: true }));

  it('counts a file, and lists the lines that it leaves out', async () => {
    const { stdout, stderr } = await run(process.execPath, [command, '--input', input, '--json']);
    expect(JSON.parse(stdout.trim().split('\n').at(-1) ?? '')).to.deep.equal({
      transactions: 4,
      withEmail: 3,
      customers: 1,
      repeatCustomers: 1,
      gaps: { 600: 1, 3600: 1, 86400: 1, 604800: 1, 2592000: 2 },
      emailsByCooldown: { 0: 3, 600: 2, 3600: 2, 86400: 2, 604800: 2, 2592000: 1 },
    });
    expect(stderr).to.include('1 bad line was left out').and.include('line 5: ');
  });

  it('says which source it needs', async () => {
    const failed = (await run(process.execPath, [command]).catch((error: unknown) => error)) as {
      code: number;
      stderr: string;
    };
    expect(failed.code).to.equal(1);
    expect(failed.stderr).to.include('--input or --project');
  });

  describe('as a page', () => {
    let browser: Browser;
    before(async () => {
      browser = await startBrowser();
      await run(process.execPath, [command, '--input', input, '--output', path.join(folder, 'report.html')]);
    });
    after(() => browser.close());

    for (const [colorScheme, width] of [
      ['light', 1280],
      ['dark', 390],
    ] as const) {
      it(`shows its plots ${colorScheme}, ${width} px wide, and loads nothing`, async () => {
        const page = await browser.newPage({ colorScheme, viewport: { width, height: 900 } });
        const requests: string[] = [];
        const faults: string[] = [];
        page.on('request', (request) => requests.push(request.url()));
        page.on('pageerror', (error) => faults.push(error.message));
        const url = pathToFileURL(path.join(folder, 'report.html')).href;
        await page.goto(url);
        expect(requests).to.deep.equal([url]);
        expect(faults).to.deep.equal([]);
        expect(await page.locator('figure svg').count()).to.equal(4);
        expect(await page.locator('h1').innerText()).to.include('buy again soon');
        expect(await page.locator('.lead').innerText()).to.include(
          '50% of all repeat purchases come within ten minutes',
        );
        expect(
          await page.getByText('<b>&amp;</b>').count(),
          'a place has the name that its source gives it',
        ).to.equal(1);
        const overflow = await page.evaluate('document.documentElement.scrollWidth - window.innerWidth');
        expect(overflow).to.equal(0);
        await page.close();
      });
    }
  });
});
