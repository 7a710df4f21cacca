import { createServer, type AddressInfo } from 'node:net';
import { once } from 'node:events';
import { expect } from 'chai';
import { load } from 'cheerio';
import { startUnsubscribe, tokenKeys, type UnsubscribeFunction } from '../support/unsubscribe-function.ts';

const CUSTOMER = '8a1f3c5e7b9d2f4a6c8e0b1d3f5a7c9e';
const EMAIL = `${CUSTOMER}~1`;

describe('the function unsubscribe', () => {
  let served: UnsubscribeFunction;
  let link: string;

  before(async function () {
    this.timeout(60_000);
    served = await startUnsubscribe();
    link = served.linkIn(EMAIL);
  });
  after(() => served.close());
  beforeEach(async () => {
    await served.firestore.doc(`customers/${CUSTOMER}`).set({ email: 'ann.lee@example.com' });
    await served.firestore.doc(`outreach/${CUSTOMER}`).delete();
  });

  const outreach = async () => (await served.firestore.doc(`outreach/${CUSTOMER}`).get()).data();
  const post = (form: URLSearchParams | FormData, to = link) => fetch(to, { method: 'POST', body: form });
  const choose = (choice: string) => post(new URLSearchParams({ choice }));
  const heading = async (response: Response) => load(await response.text())('h1').text();

  it('shows the page and changes nothing when a scanner follows the link', async () => {
    for (const method of ['GET', 'GET', 'HEAD']) {
      const response = await fetch(link, { method });
      expect(response.status).to.equal(200);
      expect(response.headers.get('content-type')).to.match(/^text\/html/u);
    }
    expect(await outreach()).to.equal(undefined);
  });

  it('keeps the page out of caches, frames, search engines and referrers, and loads nothing else into it', async () => {
    const { headers } = await fetch(link);
    expect(headers.get('cache-control')).to.equal('no-store');
    expect(headers.get('referrer-policy')).to.equal('no-referrer');
    expect(headers.get('x-robots-tag')).to.include('noindex');
    expect(headers.get('x-content-type-options')).to.equal('nosniff');
    const policy = headers.get('content-security-policy') ?? '';
    expect(policy).to.match(/default-src 'none'.*form-action 'self'; frame-ancestors 'none'/u);
    expect(policy).not.to.match(/unsafe|\*/u);
  });

  it('stops, pauses and undoes', async () => {
    expect(await heading(await choose('stop'))).to.equal('You will get no more emails');
    expect(await outreach())
      .to.have.nested.property('suppressions.unsubscribed')
      .that.is.a('number');
    expect(await heading(await choose('undo'))).to.equal('You will hear from us again');
    expect(await outreach()).to.deep.equal({ suppressions: {} });
    expect(await heading(await choose('pause'))).to.match(/^A pause until \w+ \d+, \d{4}$/u);
    expect(await heading(await fetch(link))).to.match(/^A pause until/u);
  });

  it('stops with one click in a mail client, in either encoding, without a page', async () => {
    const multipart = new FormData();
    multipart.set('List-Unsubscribe', 'One-Click');
    for (const form of [multipart, new URLSearchParams({ 'List-Unsubscribe': 'One-Click' })]) {
      await served.firestore.doc(`outreach/${CUSTOMER}`).delete();
      const response = await post(form);
      expect(response.status).to.equal(200);
      expect(await response.text()).to.equal('Unsubscribed.\n');
      expect(await outreach()).to.have.nested.property('suppressions.unsubscribed');
    }
  });

  it('stops with a post that says nothing, or has white space around it, and never redirects a mail client', async () => {
    for (const body of ['', ' List-Unsubscribe=One-Click\r\n']) {
      await served.firestore.doc(`outreach/${CUSTOMER}`).delete();
      const response = await fetch(link, { method: 'POST', body, redirect: 'manual' });
      expect(response.status).to.equal(200);
      expect(await outreach()).to.have.nested.property('suppressions.unsubscribed');
    }
  });

  it('sends a browser from a button to the page, which shows what is stored and changes nothing', async () => {
    const press = (choice: string, to = link) =>
      fetch(to, { method: 'POST', body: new URLSearchParams({ choice }), redirect: 'manual' });
    const pageAfter = async (response: Response) => {
      expect(response.status).to.equal(303);
      return new URL(response.headers.get('location') ?? '', link);
    };
    const stopped = await pageAfter(await press('stop', `${link}&lang=es`));
    expect(stopped.searchParams.get('token')).to.equal(new URL(link).searchParams.get('token'));
    expect(stopped.searchParams.get('lang')).to.equal('es');
    const stored = await outreach();
    for (let visit = 0; visit < 2; visit += 1) {
      expect(await heading(await fetch(stopped))).to.equal('No recibirás más correos');
    }
    expect(await outreach()).to.deep.equal(stored);

    const resumed = await pageAfter(await press('undo'));
    const $ = load(await (await fetch(resumed)).text());
    expect($('h1').text()).to.equal('You will hear from us again');
    expect($('button').first().attr('value')).to.equal('pause');
    await press('stop');
    expect(await heading(await fetch(resumed))).to.equal('You will get no more emails');
  });

  it('logs what was chosen and how, without a token or an address', async () => {
    await post(new URLSearchParams({ 'List-Unsubscribe': 'One-Click' }));
    const [line] = await served.logs.until(
      ({ event, how }) => event === 'unsubscribed' && how === 'one-click',
    );
    expect(line).to.include({ customerId: CUSTOMER, emailId: EMAIL, choice: 'stop' });
    const token = new URL(link).searchParams.get('token') ?? '';
    const logged = JSON.stringify(served.logs.all(() => true));
    expect(logged).not.to.include('ann.lee').and.not.to.include(token);
  });

  it('accepts links that were signed before the last rotation of keys', async () => {
    expect((await fetch(served.linkIn(EMAIL, tokenKeys[1]))).status).to.equal(200);
  });

  it('treats an unknown customer like any other', async () => {
    const unknown = served.linkIn('00000000000000000000000000000000~1');
    const response = await post(new URLSearchParams({ choice: 'stop' }), unknown);
    expect(response.status).to.equal(200);
    expect(await heading(response)).to.equal('You will get no more emails');
    const stored = await served.firestore.doc('outreach/00000000000000000000000000000000').get();
    expect(stored.get('suppressions')).to.have.property('unsubscribed');
  });

  const invalidTokens: [what: string, spoil: (token: string) => string][] = [
    ['missing', () => ''],
    ['cut short', (token) => token.slice(0, -3)],
    ['cut to the customer', () => CUSTOMER],
    ['of another customer', (token) => token.replace('8a1f', '8a1e')],
    ['signed with a foreign key', () => new URL(served.linkIn(EMAIL, 'x'.repeat(32))).search.slice(7)],
    ['nonsense', () => '%00%ff<script>'],
  ];
  for (const [what, spoil] of invalidTokens) {
    it(`answers a token that is ${what} with a help page in both languages`, async () => {
      const to = new URL(link);
      to.searchParams.set('token', spoil(to.searchParams.get('token') ?? ''));
      for (const response of [
        await fetch(to),
        await post(new URLSearchParams({ choice: 'stop' }), to.href),
      ]) {
        expect(response.status).to.equal(400);
        const page = await response.text();
        expect(page).to.include('This link is not complete').and.to.include('Este enlace no está completo');
        expect(page).not.to.match(/\bError\b|node_modules|<script|at \w+ \(/u);
      }
      expect(await outreach()).to.equal(undefined);
    });
  }
  it('refuses a link without exactly one token', async () => {
    for (const to of [`${served.url}/`, `${served.url}/?token=a&token=b`]) {
      expect((await fetch(to)).status).to.equal(400);
    }
  });

  describe('speaks', () => {
    const language = async (to: string, accepted?: string) => {
      const headers = { ...(accepted !== undefined && { 'Accept-Language': accepted }) };
      return load(await (await fetch(to, { headers })).text())('html').attr('lang');
    };
    it("the customer's language", async () => {
      await served.firestore.doc(`customers/${CUSTOMER}`).update({ locale: 'es-MX' });
      expect(await language(link, 'en')).to.equal('es');
    });
    it("the browser's language, where the customer's is unknown", async () => {
      expect(await language(link, 'fr, es-AR;q=0.9, en;q=0.1')).to.equal('es');
      expect(await language(link, 'fr')).to.equal('en');
      expect(await language(link)).to.equal('en');
    });
    it('the language chosen on the page before any other', async () => {
      await served.firestore.doc(`customers/${CUSTOMER}`).update({ locale: 'es' });
      expect(await language(`${link}&lang=en`)).to.equal('en');
      expect(await language(`${link}&lang=tlh`)).to.equal('en');
    });
  });

  describe('refuses', () => {
    it('a form without a known choice', async () => {
      expect((await post(new URLSearchParams({ choice: 'everything' }))).status).to.equal(400);
      const json = { method: 'POST', headers: { 'Content-Type': 'application/json' }, body: '{"choice' };
      const response = await fetch(link, json);
      expect(response.status).to.equal(400);
      expect(await response.json()).to.have.nested.property('error.code', 'no-choice');
      expect(await outreach()).to.equal(undefined);
    });
    it('a body that is too large', async () => {
      const response = await post(new URLSearchParams({ choice: 'stop', more: 'x'.repeat(20_000) }));
      expect(response.status).to.equal(413);
      expect(await outreach()).to.equal(undefined);
    });
    for (const method of ['PUT', 'DELETE', 'PATCH', 'OPTIONS']) {
      it(method, async () => {
        const response = await fetch(link, { method });
        expect(response.status).to.equal(405);
        expect(response.headers.get('allow')).to.equal('GET, HEAD, POST');
      });
    }
  });

  describe('when it cannot work', () => {
    let broken: UnsubscribeFunction | undefined;
    const silent = createServer();
    before(() => once(silent.listen(0, '127.0.0.1'), 'listening'));
    afterEach(() => broken?.close());
    after(() => silent.close());

    it('asks the visitor to try again when the store does not answer, and logs the failure', async () => {
      const store = `127.0.0.1:${(silent.address() as AddressInfo).port}`;
      broken = await startUnsubscribe({ FIRESTORE_EMULATOR_HOST: store, PAGE_TIMEOUT: '500ms' });
      const response = await fetch(broken.linkIn(EMAIL));
      expect(response.status).to.equal(503);
      expect(Number(response.headers.get('retry-after'))).to.be.above(0);
      const page = await response.text();
      expect(page).to.include('That did not work just now').and.to.include('Ahora mismo no ha funcionado');
      const [line] = await broken.logs.until(({ event }) => event === 'function-failed');
      expect(line).to.include({ function: 'unsubscribe', severity: 'ERROR' });
      expect(line?.['error']).to.include('There was no result within 500 ms');
    }).timeout(30_000);

    it('answers without a page when its configuration is wrong, and logs the fault', async () => {
      broken = await startUnsubscribe({ TOKEN_KEYS: 'short' });
      const response = await fetch(broken.linkIn(EMAIL));
      expect(response.status).to.equal(500);
      expect(await response.text()).to.equal('Please try again later. | Vuelve a intentarlo más tarde.\n');
      const [line] = await broken.logs.until(({ event }) => event === 'function-failed');
      expect(line?.['error']).to.include('TOKEN_KEYS');
    }).timeout(30_000);
  });
});
