import { mkdir, readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { AxeResults } from 'axe-core';
import { expect } from 'chai';
import type { Browser, Locator, Page } from 'playwright-core';
import { BROWSER_START, startBrowser } from './browser.ts';
import { startUnsubscribe, type UnsubscribeFunction } from '../support/unsubscribe-function.ts';

const CUSTOMER = '8a1f3c5e7b9d2f4a6c8e0b1d3f5a7c9e';
/** Where the last run leaves what it saw, for people to look at. */
const screenshots = path.join(tmpdir(), 'farmacy-unsubscribe-page');

const devices = { phone: { width: 390, height: 844 }, desktop: { width: 1280, height: 900 } };

describe('the unsubscribe page in a browser', function () {
  this.timeout(30_000);
  let served: UnsubscribeFunction;
  let browser: Browser;
  let axe: string;
  let link: string;

  before(async function () {
    this.timeout(BROWSER_START + 30_000);
    served = await startUnsubscribe();
    browser = await startBrowser();
    axe = await readFile(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
    link = served.linkIn(`${CUSTOMER}~1`);
    await mkdir(screenshots, { recursive: true });
    await served.firestore
      .doc(`customers/${CUSTOMER}`)
      .set({ email: 'ann.lee@example.com', locale: 'en-US' });
  });
  after(async () => {
    await browser.close();
    await served.close();
  });
  beforeEach(() => served.firestore.doc(`outreach/${CUSTOMER}`).delete());

  const heading = (page: Page) => page.locator('h1').innerText();
  const stored = async () => (await served.firestore.doc(`outreach/${CUSTOMER}`).get()).data();
  const follow = async (page: Page, control: Locator) => {
    const loaded = page.waitForEvent('load');
    await control.click();
    await loaded;
  };
  const press = (page: Page, name: string) => follow(page, page.getByRole('button', { name }));

  for (const [device, viewport] of Object.entries(devices)) {
    it(`lets a customer stop, undo, pause and undo (${device})`, async () => {
      const page = await browser.newPage({ viewport });
      await page.goto(link);
      expect(await page.locator('dd').innerText()).to.equal('a•••@e•••.com');
      for (const name of ['Stop all emails', 'Pause for 3 months']) {
        const button = await page.getByRole('button', { name }).boundingBox();
        expect(button?.height, 'large enough to be hit').to.be.at.least(44);
        expect((button?.y ?? Infinity) + (button?.height ?? 0), 'seen at once').to.be.below(viewport.height);
      }
      await press(page, 'Stop all emails');
      expect(await heading(page)).to.equal('You will get no more emails');
      expect(await stored()).to.have.nested.property('suppressions.unsubscribed');
      await press(page, 'Undo');
      expect(await heading(page)).to.equal('You will hear from us again');
      await press(page, 'Pause for 3 months');
      expect(await heading(page)).to.match(/^A pause until/u);
      expect(await stored())
        .to.have.property('pausedUntil')
        .that.is.above(Date.now());
      await page.reload();
      expect(await heading(page)).to.match(/^A pause until/u);
      await press(page, 'Undo');
      expect(await stored()).to.deep.equal({ suppressions: {} });
      await page.close();
    });
  }

  it('works without JavaScript, and in the other language', async () => {
    const context = await browser.newContext({ javaScriptEnabled: false });
    const page = await context.newPage();
    await page.goto(link);
    await follow(page, page.getByRole('link', { name: 'Español' }));
    expect(await page.locator('html').getAttribute('lang')).to.equal('es');
    await press(page, 'No recibir más correos');
    expect(await heading(page)).to.equal('No recibirás más correos');
    await press(page, 'Deshacer');
    expect(await heading(page)).to.equal('Volverás a saber de nosotros');
    await context.close();
  });

  it('loads nothing from elsewhere, and its policy blocks nothing that it needs', async () => {
    const page = await browser.newPage();
    const asked: string[] = [];
    const complaints: string[] = [];
    page.on('request', (request) => asked.push(new URL(request.url()).origin));
    page.on('console', (message) => complaints.push(message.text()));
    await page.goto(link);
    await press(page, 'Stop all emails');
    expect([...new Set(asked)]).to.deep.equal([served.url]);
    expect(complaints).to.deep.equal([]);
    const background = await page.evaluate<string>('getComputedStyle(document.body).backgroundColor');
    expect(background, 'the style sheet is in force').not.to.equal('rgba(0, 0, 0, 0)');
    await page.close();
  });

  it('works with the keyboard alone, and shows the focus', async () => {
    const page = await browser.newPage();
    await page.goto(link);
    await page.keyboard.press('Tab');
    expect(await page.evaluate<string>('document.activeElement.value')).to.equal('stop');
    expect(await page.evaluate<string>('getComputedStyle(document.activeElement).outlineStyle')).to.equal(
      'solid',
    );
    await page.keyboard.press('Tab');
    const loaded = page.waitForEvent('load');
    await page.keyboard.press('Enter');
    await loaded;
    expect(await heading(page)).to.match(/^A pause until/u);
    await page.close();
  });

  const views: [what: string, outreach: Record<string, unknown>, query: string][] = [
    ['subscribed', {}, ''],
    ['subscribed, in Spanish', {}, '&lang=es'],
    ['paused', { pausedUntil: Date.now() + 1e9 }, ''],
    ['stopped', { suppressions: { unsubscribed: 1 } }, ''],
    ['unreachable', { suppressions: { bounced: 1 } }, ''],
    ['incomplete link', {}, 'x'],
  ];
  for (const colorScheme of ['light', 'dark'] as const) {
    for (const [device, viewport] of Object.entries(devices)) {
      it(`is accessible (${device}, ${colorScheme})`, async () => {
        const context = await browser.newContext({ viewport, colorScheme, bypassCSP: true });
        const page = await context.newPage();
        for (const [what, outreach, query] of views) {
          await served.firestore.doc(`outreach/${CUSTOMER}`).set(outreach);
          await page.goto(`${link}${query}`);
          await page.evaluate(axe);
          const { violations, passes, incomplete } = await page.evaluate<AxeResults>('axe.run()');
          const faults = [...violations, ...incomplete].flatMap(({ id, nodes }) =>
            nodes.map(({ html }) => `${id}: ${html}`),
          );
          expect(faults, what).to.deep.equal([]);
          expect(passes.map(({ id }) => id)).to.include('color-contrast');
          expect(await page.evaluate<number>('document.documentElement.scrollWidth')).to.equal(
            viewport.width,
          );
          await page.screenshot({ path: path.join(screenshots, `${what}-${device}-${colorScheme}.png`) });
        }
        await context.close();
      });
    }
  }
});
