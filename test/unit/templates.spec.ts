import { load } from 'cheerio';
import { expect } from 'chai';
import { HtmlValidate } from 'html-validate';
import { visibleLength } from '../../functions/src/domain/text.ts';
import { locales } from '../../functions/src/domain/content.ts';
import { currentTemplates } from '../../template-compiler/current.ts';
import { galleryLetter, galleryOf, type GalleryEmail } from '../../template-compiler/gallery.ts';
import { Sources } from '../../template-compiler/sources.ts';

const compiled = currentTemplates();
const gallery = galleryOf(compiled, new Sources());
/** Hostile samples show Liquid and markup on purpose: test/unit/hostile-text.spec.ts covers those. */
const withoutHostile = gallery.filter(({ title }) => title !== 'Hostile names');

/** The text that a reader sees of the HTML. */
function visibleText(html: string): string {
  const $ = load(html);
  $('head, [style*="display: none"]').remove();
  return $('body').text().replaceAll(/\s+/gu, ' ');
}

const markup = new HtmlValidate({
  root: true,
  rules: {
    'close-order': 'error',
    'no-dup-attr': 'error',
    'no-dup-id': 'error',
    'element-permitted-content': 'error',
    'element-permitted-parent': 'error',
    'attribute-allowed-values': 'error',
    'wcag/h37': 'error',
  },
});

/** These hold for every template, in every language, with every content. */
const promises: Record<string, (email: GalleryEmail) => void> = {
  'has a subject of 1 to 60 characters'({ subject }) {
    expect(visibleLength(subject)).to.be.within(1, 60);
    expect(subject).not.to.match(/[\r\n]/u);
  },
  'begins with its preheader, hidden'({ html, preheader }) {
    const hidden = load(html)('body [style*="display: none"]').first().text().trim();
    expect(preheader).not.to.equal('');
    expect(hidden.startsWith(preheader)).to.equal(true);
  },
  'says which language it is in'({ html, locale }) {
    expect(load(html)('html').attr('lang')).to.equal(locale);
  },
  'is well-formed'({ html, id }) {
    const report = markup.validateStringSync(html);
    const messages = report.results.flatMap((result) =>
      result.messages.map(({ line, message }) => `${id}:${line} ${message}`),
    );
    expect(messages).to.deep.equal([]);
  },
  'loads nothing from the network, and describes every image'({ html }) {
    expect(html).not.to.match(/<(link|script|iframe|object|video)\b|url\(|@import/iu);
    const $ = load(html);
    for (const image of $('img').toArray()) expect($(image).attr('alt')).to.be.a('string');
  },
  'has one call to action and one unsubscribe link'({ html, locale }) {
    const $ = load(html);
    const targets = $('a')
      .toArray()
      .map((link) => $(link).attr('href') ?? '');
    expect(targets).to.have.length(2);
    const [action = '', unsubscribe] = targets;
    expect(unsubscribe).to.equal(galleryLetter.links.unsubscribe);
    expect(new URL(action).hostname).to.equal('family.farmacyfood.com');
    expect($('a').last().text()).to.equal(compiled.phrases[locale]['unsubscribe']);
  },
  'gives its reason, its sender and its unsubscribe link in HTML and text'({ html, text, template, locale }) {
    const reason = compiled.templates[template]?.reason[locale] ?? 'no reason is declared';
    const { sender, links } = galleryLetter;
    const [street = '', town = ''] = sender.postalAddress.split('\n');
    for (const words of [visibleText(html), text.replaceAll(/\s+/gu, ' ')]) {
      expect(words).to.include(reason);
      expect(words).to.include(sender.name);
      expect(words).to.include(street);
      expect(words).to.include(town);
    }
    expect(text).to.include(links.unsubscribe);
  },
  'has the same content in HTML and in text'({ html, text }) {
    const $ = load(html);
    const words = text.replaceAll(/\s+/gu, ' ');
    for (const element of $('h1, h2, .strong, .plain, .bought').toArray()) {
      expect(words).to.include($(element).text().trim());
    }
    expect(text).to.include($('a').first().attr('href'));
  },
  'is small enough that Gmail does not cut it off'({ html }) {
    expect(Buffer.byteLength(html)).to.be.below(100 * 1024);
  },
  'has style sheets small enough that Gmail does not drop them'({ html }) {
    expect(load(html)('style').text().length).to.be.below(8192);
  },
};

describe('every email', () => {
  for (const [promise, check] of Object.entries(promises)) {
    it(promise, () => {
      gallery.forEach(check);
    });
  }

  it('leaves nothing unrendered', () => {
    for (const { subject, html, text } of withoutHostile) {
      expect(`${subject}${html}${text}`).not.to.match(/\{\{|\{%|undefined|\[object|\bnull\b|\bNaN\b/u);
    }
  });

  it('exists for each template and language, personalised and static', () => {
    const kinds = (template: string, locale: string) =>
      new Set(
        gallery
          .filter((email) => email.template === template && email.locale === locale)
          .map(({ kind }) => kind),
      );
    for (const template of Object.keys(compiled.templates)) {
      for (const locale of locales) expect(kinds(template, locale).size).to.equal(3);
    }
  });

  it('supports dark mode', () => {
    for (const { html } of gallery) {
      expect(load(html)('meta[name="color-scheme"]').attr('content')).to.equal('light dark');
      expect(html).to.include('@media (prefers-color-scheme: dark)');
    }
  });
});
