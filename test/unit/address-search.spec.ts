import { expect } from 'chai';
import { searchFor } from '../../operations/customer/address-search.ts';

describe('searching for an address', () => {
  const search = searchFor('ann.lee+food@example.com');

  for (const text of [
    '{"customer":{"email":"Ann.Lee+Food@Example.com"}}',
    '{"customer":{"email":"ann.lee+food\\u0040example.com"',
    'customer=ann.lee%2Bfood%40example.com&total=5',
    'Ann Lee <ann.lee+food@example.com>',
    'sold to ann.lee+food@example.com.',
  ]) {
    it(`finds it in ${text}`, () => {
      expect(search.isIn(text)).to.equal(true);
    });
  }

  for (const text of [
    'joann.lee+food@example.com',
    'j.ann.lee+food@example.com',
    'ann.lee+food@example.com.mx',
    'ann.lee+food@example.community',
    'ann-lee+food@example.com',
    'annxlee+food@example.com',
    'ann.lee@example.com',
    '',
  ]) {
    it(`does not find it in ${text || 'an empty text'}`, () => {
      expect(search.isIn(text)).to.equal(false);
    });
  }

  it('finds an internationalised domain in both forms', () => {
    const umlaut = searchFor('ann@xn--bcher-kva.example');
    expect(umlaut.isIn('"ANN@Bücher.example"')).to.equal(true);
    expect(umlaut.isIn('"ann@xn--bcher-kva.example"')).to.equal(true);
  });
});
