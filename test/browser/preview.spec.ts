import { cp, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { expect } from 'chai';
import type { Browser, Frame, Page } from 'playwright-core';
import { startPreview, type Preview } from '../../local/preview/server.ts';
import { currentTemplates } from '../../template-compiler/current.ts';
import { galleryOf } from '../../template-compiler/gallery.ts';
import { templatesFolder } from '../../template-compiler/source-hash.mjs';
import { Sources } from '../../template-compiler/sources.ts';
import { BROWSER_START, startBrowser } from './browser.ts';

const gallery = galleryOf(currentTemplates(), new Sources());

describe('the preview', function () {
  this.timeout(20_000);
  let browser: Browser;
  let page: Page;
  let preview: Preview;
  let folder: string;

  before(async function () {
    this.timeout(BROWSER_START);
    folder = await mkdtemp(path.join(tmpdir(), 'preview-'));
    await cp(templatesFolder, folder, { recursive: true });
    preview = await startPreview({ port: 0, sources: new Sources(folder) });
    browser = await startBrowser();
  });
  after(async () => {
    await browser.close();
    await preview.close();
    await rm(folder, { recursive: true });
  });
  beforeEach(async () => {
    page = await browser.newPage({ viewport: { width: 1400, height: 900 } });
    await page.goto(preview.url);
  });
  afterEach(() => page.close());

  async function edit(file: string, from: string, to: string): Promise<void> {
    const before = await readFile(path.join(folder, file), 'utf8');
    expect(before).to.include(from);
    await writeFile(path.join(folder, file), before.replace(from, to));
  }

  it('lists every email as an inbox does', async () => {
    const rows = page.locator('.inbox li').filter({ has: page.locator('.subject') });
    expect(await rows.count()).to.equal(gallery.length);
    const row = rows.filter({ hasText: 'How was your Quinoa Bowl?' });
    expect(await row.locator('.preheader').innerText()).to.include('The table is bigger than the fridge.');
    expect(await row.locator('.locale').innerText()).to.equal('en');
    expect(await row.locator('.size').innerText()).to.match(/^\d+\.\d KB$/u);
  });

  /** The email as one of the windows shows it. */
  async function shownIn(title: string): Promise<Frame> {
    const window = await page.locator(`iframe[title="${title}"]`).elementHandle();
    const frame = await window.contentFrame();
    if (!frame) throw new Error(`there is no window "${title}"`);
    await frame.waitForLoadState('load');
    return frame;
  }

  it('shows an email on a phone and on a desktop, light and dark, and as text', async () => {
    await page.getByText('How was your Quinoa Bowl?').click();
    const background = async (title: string) => {
      const frame = await shownIn(title);
      expect(await frame.locator('h1').innerText()).to.equal('Good food is better with company.');
      return frame.evaluate<string>('getComputedStyle(document.body).backgroundColor');
    };
    expect(await background('phone, light')).to.equal(await background('desktop, light'));
    expect(await background('phone, dark')).to.equal(await background('desktop, dark'));
    expect(await background('phone, light')).not.to.equal(await background('phone, dark'));
    expect(await page.locator('.text').innerText()).to.include('Good food is better with company.');
  });

  it('gives each window its stated width and the full height of the email', async () => {
    await page.getByText('How was your Quinoa Bowl?').click();
    for (const [device, width] of [
      ['phone', 390],
      ['desktop', 1280],
    ] as const) {
      const frame = await shownIn(`${device}, light`);
      expect(await frame.evaluate<number>('innerWidth')).to.equal(width);
      // The page fits a window to its email when the email has loaded, which may be a moment after we see it loaded.
      // Chromium gives a frame out of sight no animation frames to look in.
      await frame.waitForFunction('document.documentElement.scrollHeight === innerHeight', undefined, {
        polling: 50,
      });
    }
  });

  it('shows the unsubscribe page too, in every state and language', async () => {
    const rows = page.locator('.inbox li').filter({ hasText: 'A visitor who' });
    expect(await rows.count()).to.equal(12);
    await rows.filter({ hasText: 'gets emails' }).filter({ hasText: 'es' }).locator('a').click();
    const background = async (title: string) => {
      const frame = await shownIn(title);
      expect(await frame.locator('button').first().innerText()).to.equal('No recibir más correos');
      return frame.evaluate<string>('getComputedStyle(document.body).backgroundColor');
    };
    expect(await background('phone, light')).not.to.equal(await background('desktop, dark'));
    await page.getByRole('link', { name: 'Next' }).click();
    await page.getByRole('heading', { name: 'A visitor who has paused emails' }).waitFor();
  });

  it('sizes a window whose email loads late', async () => {
    const errors: Error[] = [];
    page.on('pageerror', (error) => errors.push(error));
    await page.getByText('How was your Quinoa Bowl?').click();
    await shownIn('phone, light');
    // A window is in this state between the answer's first byte and the first element.
    await page.evaluate(`{
      document.querySelector('.screen iframe').contentDocument.documentElement.remove();
      dispatchEvent(new Event('resize'));
    }`);
    expect(errors).to.deep.equal([]);
  });

  it('links to the next email, the previous one and the list', async () => {
    await page.locator('.inbox a').first().click();
    const first = page.url();
    await page.getByRole('link', { name: 'Next' }).click();
    expect(page.url()).not.to.equal(first);
    await page.getByRole('link', { name: 'Previous' }).click();
    expect(page.url()).to.equal(first);
    await page.getByRole('link', { name: 'All emails' }).click();
    expect(await page.locator('.inbox .subject').count()).to.equal(gallery.length);
  });

  /** Resolves when the preview has received its pages of one more change than when this was called. */
  async function oneMoreChange(change: () => Promise<void>): Promise<void> {
    const events = await fetch(`${preview.url}/changes`);
    let received = '';
    for await (const chunk of events.body ?? []) {
      const before = received;
      received += Buffer.from(chunk).toString();
      if (!before.includes('event: version') && received.includes('event: version')) await change();
      if (received.split('event: version').length > 2) return;
    }
  }

  it('follows a click even when a change is reported meanwhile', async () => {
    await page.route('**/emails/*', async (route) => {
      await oneMoreChange(() => edit('join/text.liquid', '---', '----'));
      await route.continue();
    });
    await page.getByText('How was your Quinoa Bowl?').click();
    await page.waitForURL('**/emails/*');
    await page.unroute('**/emails/*');
  });

  it('shows a change at once, a fault instead of the emails, and the emails again after a correction', async () => {
    await edit('join/contents.en.yaml', 'Good food is better with company.', 'Soup for everybody.');
    await page.getByText('How was your Quinoa Bowl?').click();
    const headline = page.frameLocator('iframe[title="phone, light"]').locator('h1');
    await headline.filter({ hasText: 'Soup for everybody.' }).waitFor();

    await edit('join/text.liquid', '{{ headline }}', '{{ headlin }}');
    await page.getByText('templates/join/text.liquid: uses headlin').waitFor();

    await edit('join/text.liquid', '{{ headlin }}', '{{ headline }}');
    await headline.filter({ hasText: 'Soup for everybody.' }).waitFor();
  });

  it('says so when there is no such email', async () => {
    await page.goto(`${preview.url}/emails/nothing`);
    expect(await page.locator('h1').innerText()).to.equal('There is no such email');
  });

  it('says so when its port is in use', async () => {
    const port = Number(new URL(preview.url).port);
    const second = await startPreview({ port }).catch((error: unknown) => error);
    expect(second).to.be.instanceOf(Error).with.property('message').that.includes(`Port ${port} is in use`);
  });
});
