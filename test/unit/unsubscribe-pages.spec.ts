import { createHash } from 'node:crypto';
import { expect } from 'chai';
import { load } from 'cheerio';
import { HtmlValidate } from 'html-validate';
import { liquidUnsubscribePages } from '../../functions/src/adapters/liquid/unsubscribe-pages.ts';
import { locales, type Locale } from '../../functions/src/domain/content.ts';
import type { Subscription, SubscriptionSummary } from '../../functions/src/domain/subscription.ts';
import { pageGalleryOf } from '../../template-compiler/page-gallery.ts';
import { compiled } from '../support/letters.ts';

const sender = { name: 'Farmacy <Family>', postalAddress: '12 Market Street\nSpringfield, 00000' };
const pages = liquidUnsubscribePages(compiled, sender);

function pageFor(
  subscription: Subscription,
  locale: Locale = 'en',
  changes: Partial<SubscriptionSummary> = {},
  undone = false,
) {
  const recipient = {
    subscription,
    pauseWouldEnd: Date.UTC(2027, 1, 23),
    maskedAddress: 'a•••@e•••.com',
    ...changes,
  };
  return pages.forRecipient(recipient, { locale, undone, linkIn: (lang) => `?token=x.y&lang=${lang}` });
}

const every = pageGalleryOf(compiled, sender);

const buttonsIn = (html: string) => {
  const $ = load(html);
  return $('button[name=choice]')
    .toArray()
    .map((button) => $(button).attr('value'));
};

describe('the unsubscribe page', () => {
  const markup = new HtmlValidate({ root: true, extends: ['html-validate:standard'] });
  for (const { id, html } of every) {
    it(`is well-formed, self-contained and hidden from search engines (${id})`, () => {
      const { results } = markup.validateStringSync(html);
      expect(
        results.flatMap(({ messages }) => messages.map(({ line, message }) => `${line}: ${message}`)),
      ).to.deep.equal([]);
      expect(html).not.to.match(/<script|<iframe|url\(|@import|https?:|\son\w+=|\sstyle=/iu);
      expect(load(html)('meta[name=robots]').attr('content')).to.include('noindex');
      expect(load(html)('h1')).to.have.length(1);
      expect(html).not.to.match(/\{\{|\{%|undefined|null/u);
    });
  }

  it('shows the masked address and the choices', () => {
    const html = pageFor({ state: 'subscribed' });
    expect(load(html)('dd').text()).to.equal('a•••@e•••.com');
    expect(buttonsIn(html)).to.deep.equal(['stop', 'pause']);
    expect(load(html)('button[value=pause]').text()).to.equal('Pause for 3 months');
    expect(load(html)('small').text()).to.include('Until February 23, 2027.');
  });

  it('is available in Spanish', () => {
    const $ = load(pageFor({ state: 'subscribed' }, 'es'));
    expect($('html').attr('lang')).to.equal('es');
    expect($('button[value=pause]').text()).to.equal('Hacer una pausa de 3 meses');
    expect($('small').text()).to.include('Hasta el 23 de febrero de 2027.');
    expect($('a[lang=en]').attr('href')).to.equal('?token=x.y&lang=en');
  });

  it('offers to undo only what the customer chose', () => {
    const until = Date.UTC(2027, 0, 9);
    expect(buttonsIn(pageFor({ state: 'paused', until }))).to.deep.equal(['undo', 'stop']);
    expect(load(pageFor({ state: 'paused', until }))('h1').text()).to.equal('A pause until January 9, 2027');
    expect(buttonsIn(pageFor({ state: 'stopped', mayUndo: true }))).to.deep.equal(['undo']);
    expect(buttonsIn(pageFor({ state: 'stopped', mayUndo: false }))).to.deep.equal([]);
  });

  it('does not offer first to stop all emails, just after the customer wanted them again', () => {
    const recipient = { subscription: { state: 'subscribed' }, pauseWouldEnd: 0 } as const;
    const html = pages.forRecipient(recipient, { locale: 'en', undone: true, linkIn: () => '' });
    expect(buttonsIn(html)).to.deep.equal(['pause', 'stop']);
  });

  it('shows no address when none is stored', () => {
    const recipient = { subscription: { state: 'subscribed' }, pauseWouldEnd: 0 } as const;
    const html = pages.forRecipient(recipient, { locale: 'en', undone: false, linkIn: () => '' });
    expect(load(html)('dl')).to.have.length(0);
  });

  it('speaks every language when the customer is unknown', () => {
    const $ = load(pages.forAnyone('incompleteLink'));
    expect(
      $('section')
        .toArray()
        .map((section) => $(section).attr('lang')),
    ).to.deep.equal([...locales]);
    expect($('form')).to.have.length(0);
  });

  it('escapes the text it shows', () => {
    const html = pageFor({ state: 'subscribed' }, 'en', { maskedAddress: '<b>•••@"•••.com' });
    expect(load(html)('dd').text()).to.equal('<b>•••@"•••.com');
    expect(load(html)('address').text()).to.include('Farmacy <Family>');
    expect(html).not.to.match(/<Family>|<b>/u);
  });

  it('has the one style sheet that its policy allows', () => {
    const style = load(every[0]?.html ?? '')('style').text();
    expect(pages.styleHash).to.equal(`sha256-${createHash('sha256').update(style).digest('base64')}`);
  });
});
