import { expect } from 'chai';
import fc from 'fast-check';
import { namePolicy } from '../../functions/src/domain/names.ts';
import { compiled, letterWith, questionAfter, templates } from '../support/letters.ts';

const names = namePolicy(compiled.notNames);

describe('a name in an email', () => {
  const notNames: Readonly<Record<string, readonly string[]>> = {
    'cannot be seen': [
      '\u3164',
      '\u2800',
      '\u00AD',
      '\u034F',
      '\u115F\u1160',
      '\u200D',
      '\uFE0F',
      '\u{E0041}',
      '\uFFA0',
    ],
    'cannot be said': ['-', '.', '***', '/', '?', '12', '\u0301', '🥗', '', ' \t'],
    'stands for a missing one': ['null', 'NULL', 'N/A', 'n.a.', 'None', '(unknown)', 'undefined'],
    'was lost in a wrong decoding': ['Jalape\uFFFDo', '\uFFFD', 'Ann &#0;', '\uD83E'],
    'carries a link': ['evil.example', 'evil&#46;example', 'https&colon;//evil'],
  };
  for (const [what, values] of Object.entries(notNames)) {
    it(`is left out when it ${what}`, () => {
      for (const value of values) {
        for (const show of [names.person, names.dish, names.place]) expect(show(value), value).to.equal(null);
      }
    });
  }

  it('is left out when it is a role, whatever its case and number', () => {
    for (const role of ['Guest', 'GUEST #12', 'Customer', 'Walk-In', 'Cliente', 'VALUED CARDHOLDER']) {
      expect(names.person(role), role).to.equal(null);
    }
    expect(names.dish('Guest')).to.equal('Guest');
  });

  it('is never of something that is no dish', () => {
    for (const item of ['Tip', 'Tip (15%)', 'Bag fee', 'Custom Amount', 'Delivery', 'Propina', 'ENVÍO']) {
      expect(names.dish(item), item).to.equal(null);
    }
    const purchase = { items: ['Tip', 'Bag fee', 'Asparagus Tips'], place: 'Station' };
    const content = templates.staticContent(questionAfter(purchase));
    expect(content.subject).to.equal('How was your Asparagus Tips?');
    expect(content.variables['purchase']).to.deep.include({ items: ['Asparagus Tips'] });
  });

  it('is shown in any script', () => {
    for (const name of [
      'Ann',
      'Ñandú',
      'Nguyễn',
      '李',
      'ஆனந்த்',
      'O’Brien',
      'Ann-Sophie',
      'X Æ A-12',
      'می‌خواهم',
    ]) {
      expect(names.person(name)?.replaceAll(/[\u2068\u2069]/gu, ''), name).to.equal(name);
    }
  });

  it('has its HTML entities decoded once', () => {
    expect(names.person('O&#39;Brien')).to.equal("O'Brien");
    expect(names.dish('Mac &amp; Cheese')).to.equal('Mac & Cheese');
    expect(names.dish('Jalape&ntilde;o')).to.equal('Jalapeño');
    expect(names.dish('Fish &amp;amp; Chips')).to.equal('Fish &amp; Chips');
    expect(names.dish('Fish & Chips &co')).to.equal('Fish & Chips &co');
  });

  it('that is written from right to left is isolated, in the subject and the text too', () => {
    const purchase = { items: ['حمص'], place: 'תחנה' };
    const content = templates.staticContent(questionAfter(purchase));
    const { subject, html, text } = templates.render({ ...letterWith({ name: 'שרה' }), content });
    expect(subject).to.equal('How was your \u2068حمص\u2069?');
    for (const body of [html, text]) {
      for (const name of ['שרה', 'حمص', 'תחנה']) expect(body).to.include(`\u2068${name}\u2069`);
    }
  });

  it('has no isolates but its own', () => {
    expect(names.person('\u2068Ann')).to.equal('Ann');
    expect(names.person('\u2067שרה\u2069\u2068')).to.equal('\u2068שרה\u2069');
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (name) => {
        expect(names.person(name) ?? '').to.match(/^(?:\u2068[^\u2066-\u2069]*\u2069|[^\u2066-\u2069]*)$/u);
      }),
    );
  });
});
