import { expect } from 'chai';
import { proposedContentFrom } from '../../functions/src/adapters/analytics/answer.ts';
import { liquidTemplates } from '../../functions/src/adapters/liquid/templates.ts';
import { loadCompiledTemplates } from '../../functions/src/adapters/liquid/compiled-templates.ts';
import { locales } from '../../functions/src/domain/content.ts';
import { PermanentError } from '../../functions/src/errors.ts';
import { galleryLetter } from '../../template-compiler/gallery.ts';
import { questionOf } from '../../template-compiler/samples.ts';
import {
  compiled,
  fittingAnswer,
  fittingVariables,
  letterWith,
  questionAfter,
  templates,
} from '../support/letters.ts';

const lunch = { items: ['Quinoa Bowl', 'Tea'], place: 'Central Station' };

describe('static content', () => {
  for (const stage of ['transactional', 'registered'] as const) {
    for (const locale of locales) {
      it(`is different in each of four emails (${stage}, ${locale})`, () => {
        const contents = [1, 2, 3, 4].map((sequence) =>
          templates.staticContent(questionOf(stage, locale, sequence)),
        );
        expect(new Set(contents.map(({ contentId }) => contentId)).size).to.equal(4);
        expect(new Set(contents.map(({ subject }) => subject)).size).to.equal(4);
        expect(templates.staticContent(questionOf(stage, locale, 5))).to.deep.equal(contents[0]);
      });
    }
  }

  it('names the purchase when it is known', () => {
    const content = templates.staticContent(questionAfter(lunch));
    expect(content.subject).to.equal('How was your Quinoa Bowl?');
    expect(content.variables['intro']).to.include('stopping by at Central Station.');
    expect(content.source).to.equal('static');
  });

  it('reads well without the purchase', () => {
    const content = templates.staticContent(questionAfter());
    expect(content.subject).to.equal('Thank you for eating with us');
    expect(content.variables['intro']).to.include('stopping by. ');
  });

  it('leaves out the purchase when its name is too long for the subject', () => {
    const items = [`Quinoa Bowl with ${'very '.repeat(8)}`];
    expect(templates.staticContent(questionAfter({ ...lunch, items })).subject).to.equal(
      'Thank you for eating with us',
    );
  });

  it('counts emails from 1', () => {
    expect(() => templates.staticContent(questionAfter(lunch, 0))).to.throw(RangeError);
  });

  it('is missing for a stage without a template', () => {
    const { join } = compiled.templates;
    if (join === undefined) throw new Error('There is no template join.');
    const partial = liquidTemplates({ ...compiled, templates: { join } });
    const question = questionOf('registered', 'en', 1);
    expect(() => partial.staticContent(question)).to.throw(PermanentError, 'stage registered');
  });
});

describe('an answer of Analytics', () => {
  const read = (answer: unknown) => templates.contentFrom(proposedContentFrom(answer), questionAfter(lunch));
  const withVariables = (changes: Record<string, unknown>) => ({
    ...fittingAnswer,
    variables: { ...fittingVariables, ...changes },
  });

  it('becomes content when it fits its template', () => {
    const content = read(fittingAnswer);
    expect(content).to.deep.include({ contentId: 'lunch-crowd', source: 'analytics', template: 'join' });
    expect(content.variables).to.deep.equal({
      ...fittingVariables,
      purchase: { item: 'Quinoa Bowl', items: ['Quinoa Bowl', 'Tea'], place: 'Central Station' },
    });
  });

  it('gets the subject of its template when it has none', () => {
    const { subject: _, ...answer } = fittingAnswer;
    expect(read(answer).subject).to.equal(compiled.templates['join']?.subject.en);
  });

  const list = [{ title: 'One', text: 'Only one' }];
  const unfit: Record<string, [unknown, ...string[]]> = {
    'is not an object': ['hello', 'the whole: '],
    'is null': [null, 'the whole: '],
    'has no ID': [{ ...fittingAnswer, contentId: undefined }, 'contentId: '],
    'has an ID that cannot be logged': [{ ...fittingAnswer, contentId: 'a b\n' }, 'contentId: '],
    'names an unknown template': [{ ...fittingAnswer, template: 'leave' }, 'template: must be one of'],
    'names a property of every object': [{ ...fittingAnswer, template: 'constructor' }, 'template: '],
    'names the template of another stage': [
      { ...fittingAnswer, template: 'first-steps' },
      'template: is not for',
    ],
    'has more fields than the contract': [{ ...fittingAnswer, html: '<p>' }, 'the whole: ', 'html'],
    'has a subject of two lines': [{ ...fittingAnswer, subject: 'a\nBcc: b' }, 'subject: must be one line'],
    'has no variables': [{ ...fittingAnswer, variables: undefined }, 'variables: '],
    'lacks a variable': [withVariables({ headline: undefined }), 'variables.headline: '],
    'has an undeclared variable': [withVariables({ purchase: {} }), 'variables.the whole: ', 'purchase'],
    'has a number for a text': [withVariables({ headline: 7 }), 'variables.headline: '],
    'has an empty text': [withVariables({ headline: ' ' }), 'variables.headline: must not be empty'],
    'has a text that is too long': [withVariables({ headline: 'a'.repeat(61) }), 'variables.headline: '],
    'hides direction marks in a text': [
      withVariables({ headline: 'a\u202Eb' }),
      'variables.headline: must be one',
    ],
    'hides a link in a text': [
      withVariables({ note: 'see evil.example' }),
      'variables.note: must not contain a link',
    ],
    'has too short a list': [withVariables({ highlights: list }), 'variables.highlights: '],
    'has a list with a fault inside': [
      withVariables({ highlights: [...list, { title: 'Two' }] }),
      'variables.highlights[1].text: ',
    ],
    'has several faults': [
      withVariables({ headline: '', action: 7 }),
      'variables.headline: ',
      'variables.action: ',
    ],
  };
  for (const [why, [answer, ...faults]] of Object.entries(unfit)) {
    it(`is refused when it ${why}`, () => {
      expect(() => read(answer))
        .to.throw(PermanentError)
        .with.property('message')
        .that.satisfies((message: string) => faults.every((fault) => message.includes(fault)), faults.join());
    });
  }

  it('is refused with an error that does not quote it', () => {
    const secret = 'ann@example.com';
    expect(() => read(withVariables({ headline: secret, highlights: secret, [secret]: secret })))
      .to.throw(PermanentError)
      .with.property('message')
      .that.does.not.include(secret);
  });
});

describe('the link of an answer', () => {
  const { variables, ...rest } = answerWithLink();
  const read = (actionUrl: string) =>
    templates.contentFrom(
      { ...rest, variables: { ...variables, actionUrl } },
      questionOf('registered', 'en', 1),
    );

  function answerWithLink() {
    const content = templates.staticContent(questionOf('registered', 'en', 1));
    const { purchase: _, ...declared } = content.variables;
    return { contentId: 'x', template: 'first-steps', variables: declared };
  }

  it('may lead to the hosts of the brand, and becomes the link of the button', () => {
    const url = 'https://family.farmacyfood.com/c/soup?a=1&b=2';
    const { html, text } = templates.render({ content: read(url), locale: 'en', ...galleryLetter });
    expect(html).to.include('href="https://family.farmacyfood.com/c/soup?a=1&amp;b=2"');
    expect(html).not.to.include(galleryLetter.links.join);
    expect(text).to.include(url).and.not.to.include(galleryLetter.links.join);
  });

  for (const url of [
    'http://farmacyfood.com/',
    'https://evil.example/',
    'https://farmacyfood.com.evil.example/',
    'https://evilfarmacyfood.com/',
    'https://farmacyfood.com@evil.example/',
    'https://user:secret@farmacyfood.com/',
    'https://farmacyfood.com:8443/',
    'javascript:alert(1)//farmacyfood.com',
    'data:text/html,farmacyfood.com',
    '//farmacyfood.com/',
    'java\nscript:alert(1)',
    'https://farmacyfood.com/\u202E',
    '',
  ]) {
    it(`may not be ${JSON.stringify(url)}`, () => {
      expect(() => read(url)).to.throw(PermanentError, 'variables.actionUrl: must be an https address');
    });
  }
});

describe('rendering', () => {
  it('fails permanently when the template is unknown', () => {
    const letter = letterWith({});
    const content = { ...letter.content, template: 'leave' };
    expect(() => templates.render({ ...letter, content })).to.throw(PermanentError, 'no template leave');
  });

  it('fails permanently, with the reason, when the content does not fit', () => {
    const letter = letterWith({});
    const content = { ...letter.content, variables: {} };
    expect(() => templates.render({ ...letter, content }))
      .to.throw(PermanentError, 'template join cannot be rendered')
      .with.nested.property('cause.message')
      .that.includes('purchase');
  });

  it('shows a postal address line by line, and never as markup', () => {
    const sender = { name: 'Farmacy', postalAddress: 'Suite 4, 12 Market St.\r\n<b>Springfield</b>\n\n' };
    const { html, text } = templates.render({ ...letterWith({}), sender });
    expect(html).to.include('Suite 4, 12 Market St.<br>&lt;b&gt;Springfield&lt;/b&gt;</p>');
    expect(text).to.match(/Farmacy\nSuite 4, 12 Market St\.\n<b>Springfield<\/b>\n$/u);
  });
});

describe('the compiled templates', () => {
  it('are reported as missing with the command that makes them', () => {
    expect(() => loadCompiledTemplates('/nowhere/templates.json')).to.throw(/nowhere.*npm run templates/u);
  });

  it('are refused when they are of another version', () => {
    const other = new URL('../../package.json', import.meta.url).pathname;
    expect(() => loadCompiledTemplates(other)).to.throw(/out of date: run "npm run templates"/u);
  });
});
