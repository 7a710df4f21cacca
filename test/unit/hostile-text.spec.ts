import { load } from 'cheerio';
import { expect } from 'chai';
import fc from 'fast-check';
import { visibleLength } from '../../functions/src/domain/text.ts';
import { PermanentError } from '../../functions/src/errors.ts';
import type { RenderedEmail } from '../../functions/src/ports.ts';
import { galleryLetter } from '../../template-compiler/gallery.ts';
import { fittingAnswer, fittingVariables, letterWith, questionAfter, templates } from '../support/letters.ts';

/** Text of the kinds that break programs. */
const attacks = [
  '<script>alert(1)</script>',
  '<img src=x onerror=alert(1)>',
  '"><a href="https://evil.example">click</a>',
  "' onmouseover='alert(1)",
  '</title></style></td></table>',
  '<!--[if mso]><![endif]-->',
  '&lt;b&gt; &amp; &#60;',
  '{{ links.unsubscribe }}',
  '{% assign name = "x" %}{% raw %}',
  '{{ "a" | upcase }}',
  'Ann\r\nBcc: everyone@example.com',
  'Ann\n\n--\nUnsubscribe: https://evil.example',
  'Ann\u2028Beth\u0085Carl\u000B\u0000',
  'Ann \u202Egnp.exe\u2066',
  '\uD800 half a character',
  '👩‍👩‍👧‍👦'.repeat(40),
  'a'.repeat(5000),
  '$& $1 $` NAME',
  '   ',
  '',
];
const hostile = fc.oneof(
  fc.constantFrom(...attacks),
  fc.string({ unit: 'binary' }),
  fc.tuple(fc.string({ unit: 'grapheme' }), fc.constantFrom(...attacks)).map((parts) => parts.join('')),
);

const benign = templates.render(
  letterWith({ name: 'Ann', purchase: { items: ['Soup', 'Tea'], place: 'Station' } }),
);
const benignElements = load(benign.html)('*').length;
const linesOf = (text: string) => text.split('\n').length;

/** The text stays text: it adds no link, element, line or control character. */
function expectHarmless({ subject, html, text }: RenderedEmail): void {
  const $ = load(html);
  const targets = new Set(
    $('a')
      .toArray()
      .map((link) => $(link).attr('href')),
  );
  expect([...targets]).to.have.members(Object.values(galleryLetter.links));
  expect($('script, img, iframe, object, form, [onerror], [onmouseover]').length).to.equal(0);
  expect($('*').length).to.be.at.most(benignElements);
  expect(linesOf(text)).to.be.at.most(linesOf(benign.text));
  // Names that are written from right to left are isolated, and every isolate is closed.
  const shown = (subject + text.replaceAll('\n', '')).replaceAll(/\u2068([^\u2068\u2069]*)\u2069/gu, '$1');
  expect(shown).not.to.match(/[\p{Cc}\u202A-\u202E\u2066-\u2069\u2028\u2029]/u);
  expect(subject.isWellFormed() && text.isWellFormed() && html.isWellFormed()).to.equal(true);
  expect(visibleLength(subject)).to.be.within(1, 60);
}

describe('hostile text', () => {
  it('in names, products, places and subjects stays text', () => {
    fc.assert(
      fc.property(hostile, hostile, hostile, hostile, hostile, (name, first, second, place, subject) => {
        const letter = letterWith({ name, purchase: { items: [first, second], place }, subject });
        expectHarmless(templates.render(letter));
      }),
      { numRuns: 100 },
    );
  });

  it('in an answer is refused or stays text', () => {
    fc.assert(
      fc.property(hostile, hostile, hostile, (headline, action, subject) => {
        const answer = { ...fittingAnswer, subject, variables: { ...fittingVariables, headline, action } };
        try {
          const content = templates.contentFrom(answer, questionAfter({ items: ['Soup'], place: 'Station' }));
          expectHarmless(templates.render({ content, locale: 'en', ...galleryLetter }));
        } catch (error) {
          expect(error).to.be.instanceOf(PermanentError);
        }
      }),
      { numRuns: 100 },
    );
  });

  it('is shown unchanged when it is only markup', () => {
    const { html, text } = templates.render(letterWith({ name: '<b>Ann & "Co"</b>' }));
    expect(load(html)('body').text()).to.include('Hi <b>Ann & "Co"</b>,');
    expect(html).to.include('&lt;b&gt;Ann &amp; &#34;Co&#34;&lt;/b&gt;');
    expect(text).to.include('Hi <b>Ann & "Co"</b>,');
  });

  it('is never run as Liquid', () => {
    const purchase = { items: ['{{ sender }}{% for %}'], place: 'Station' };
    const { html, text } = templates.render(letterWith({ name: '{{ reason }}', purchase }));
    expect(html).to.include('Hi {{ reason }},').and.to.include('{{ sender }}{% for %}');
    expect(text).to.include('Hi {{ reason }},').and.to.include('{{ sender }}{% for %}');
  });

  const namesNotUsed = {
    'a link': 'evil.example/win',
    'an address': 'ann@example.com',
    'too long a name': 'Ann '.repeat(20),
  };
  for (const [what, name] of Object.entries(namesNotUsed)) {
    it(`that is ${what} does not appear in a greeting`, () => {
      const { html, text } = templates.render(letterWith({ name }));
      expect(text).to.include('Hello,').and.not.to.include(name.trim());
      expect(load(html)('body').text()).to.include('Hello,').and.not.to.include(name.trim());
    });
  }

  it('cannot make a subject longer than one line or 60 characters', () => {
    const subjectOf = (subject: string) => templates.render(letterWith({ subject })).subject;
    expect(subjectOf('Lunch\r\nBcc: all')).to.equal('Lunch Bcc: all');
    expect(subjectOf('Lunch \u202Ehcnul')).to.equal('Lunch hcnul');
    expect(subjectOf('word '.repeat(30))).to.equal(`${'word '.repeat(11).trim()}…`);
    expect(visibleLength(subjectOf('👩‍👩‍👧‍👦'.repeat(80)))).to.equal(60);
    expect(subjectOf('\n')).to.equal('Your place in Farmacy Family is ready');
  });
});
