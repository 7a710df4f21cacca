import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import type { AxeResults } from 'axe-core';
import { expect } from 'chai';
import type { Browser, Page } from 'playwright-core';
import { currentTemplates } from '../../template-compiler/current.ts';
import { galleryOf } from '../../template-compiler/gallery.ts';
import { Sources } from '../../template-compiler/sources.ts';
import { BROWSER_START, startBrowser } from './browser.ts';

/** The narrowest phone in use, a common one, and a desktop; in CSS pixels. */
const widths = [320, 390, 1280];

/** Contrast of WCAG 2 AA, and what else axe can tell of a document that holds no controls. */
const rules = [
  'color-contrast',
  'html-has-lang',
  'html-lang-valid',
  'image-alt',
  'link-name',
  'heading-order',
];

const gallery = galleryOf(currentTemplates(), new Sources());
/** The words differ between the contents of a template, the colours do not: these show every part there is. */
const emails = gallery.filter(({ kind }) => kind === 'personalised');

describe('emails in a browser', () => {
  let browser: Browser;
  let axe: string;
  before(async function () {
    this.timeout(BROWSER_START);
    browser = await startBrowser();
    axe = await readFile(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
  });
  after(() => browser.close());

  for (const colorScheme of ['light', 'dark'] as const) {
    it(`are accessible (${colorScheme})`, async function () {
      this.timeout(20_000);
      const page = await browser.newPage({ colorScheme });
      for (const { id, html } of emails) {
        await page.setContent(html);
        await page.evaluate(axe);
        const { violations, passes, incomplete } = await check(page);
        expect(faultsIn(violations), id).to.deep.equal([]);
        expect(faultsIn(incomplete), id).to.deep.equal([]);
        expect(passes.some((rule) => rule.id === 'color-contrast')).to.equal(true);
      }
      await page.close();
    });
  }

  it('use the color scheme of the reader', async () => {
    const page = await browser.newPage();
    await page.setContent(emails[0]?.html ?? '');
    const brightness = async (colorScheme: 'light' | 'dark') => {
      await page.emulateMedia({ colorScheme });
      const color = await page.evaluate<string>('getComputedStyle(document.body).backgroundColor');
      return (color.match(/\d+/gu) ?? []).slice(0, 3).reduce((sum, part) => sum + Number(part), 0);
    };
    expect(await brightness('light')).to.be.above(600);
    expect(await brightness('dark')).to.be.below(100);
    await page.close();
  });

  it('fit on every screen', async () => {
    const page = await browser.newPage();
    for (const { id, html } of gallery) {
      await page.setContent(html);
      for (const width of widths) {
        await page.setViewportSize({ width, height: 800 });
        const needed = await page.evaluate<number>('document.documentElement.scrollWidth');
        expect(needed, `${id} at ${width} px`).to.equal(width);
      }
    }
    await page.close();
  }).timeout(20_000);

  function check(page: Page): Promise<AxeResults> {
    return page.evaluate<AxeResults>(`axe.run({ runOnly: ${JSON.stringify(rules)} })`);
  }

  function faultsIn(results: AxeResults['violations']): readonly string[] {
    return results.flatMap(({ id, nodes }) =>
      nodes.map(({ html, any }) => `${id}: ${html} ${any.map(({ message }) => message).join(' ')}`),
    );
  }
});
