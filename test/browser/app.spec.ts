import { expect } from 'chai';
import type { Browser, Page } from 'playwright-core';
import { startAppStandIn, type AppStandIn } from '../../local/stand-ins/app/stand-in.ts';
import { BROWSER_START, startBrowser } from './browser.ts';

describe('the stand-in for the app', function () {
  this.timeout(20_000);
  let browser: Browser;
  let page: Page;
  let app: AppStandIn;
  const published: unknown[] = [];

  before(async function () {
    this.timeout(BROWSER_START);
    app = await startAppStandIn({ port: 0, publish: async (engagement) => published.push(engagement) });
    browser = await startBrowser();
    page = await browser.newPage({ viewport: { width: 390, height: 844 } });
  });
  after(async () => {
    await browser.close();
    await app.close();
  });

  it('publishes the sign-up of a customer who gives an address, as the app does', async () => {
    await page.goto(app.joinUrl);
    await page.getByLabel('Email address').fill('ann.lee@example.com');
    await page.getByRole('button').click();
    await page.getByRole('heading', { name: 'Welcome to the family' }).waitFor();
    expect(published).to.have.length(1);
    expect(published[0]).to.deep.include({
      type: 'signed-up',
      version: 1,
      customer: { email: 'ann.lee@example.com' },
    });
  });

  it('asks again when the address is invalid, and publishes nothing', async () => {
    const body = new URLSearchParams({ email: '"><b>nobody' });
    const answer = await fetch(app.joinUrl, { method: 'POST', body });
    expect(answer.status).to.equal(400);
    const html = await answer.text();
    expect(html).to.include('That does not look like an email address.').and.not.include('<b>nobody');
    expect(published).to.have.length(1);
  });
});
