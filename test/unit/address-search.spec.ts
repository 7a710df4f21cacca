import { expect } from 'chai';
import fc from 'fast-check';
import { domainToUnicode } from 'node:url';
import { deflateSync, gzipSync } from 'node:zlib';
import { containsAddress } from '../../operations/customer/address-search.ts';
import { normalizedAddress } from '../../operations/customer/person.ts';

const isIn = (text: string, email: string) => containsAddress(Buffer.from(text), email);

describe('searching for an address', () => {
  const email = 'ann.lee+food@example.com';

  for (const text of [
    '{"customer":{"email":"Ann.Lee+Food@Example.com"}}',
    '{"customer":{"email":"ann.lee+food\\u0040example.com"',
    'customer=ann.lee%2Bfood%40example.com&total=5',
    'Ann Lee <ann.lee+food@example.com>',
    'sold to ann.lee+food@example.com.',
    "{'customer': {'email': 'ann.lee+food@example.com'}}",
    '{"body":"{\\"email\\":\\"ann.lee+food\\\\u0040example.com\\"}"}',
    '{"note":"hello\\nann.lee+food@example.com"}',
    '\\u003cann.lee+food@example.com\\u003e',
    'mailto:ann.lee+food&#64;example.com?subject=x',
    'ann.lee+food@example。com',
  ]) {
    it(`finds it in ${text}`, () => {
      expect(isIn(text, email)).to.equal(true);
    });
  }

  for (const text of [
    'joann.lee+food@example.com',
    'j.ann.lee+food@example.com',
    'éann.lee+food@example.com',
    "o'ann.lee+food@example.com",
    `${'x'.repeat(60)}ann.lee+food@example.com`,
    'ann.lee+food@example.com.mx',
    'ann.lee+food@example.community',
    'ann.lee+food@example.com-munity.org',
    'ann-lee+food@example.com',
    'annxlee+food@example.com',
    'ann.lee@example.com',
    '',
  ]) {
    it(`does not find it in ${text || 'an empty text'}`, () => {
      expect(isIn(text, email)).to.equal(false);
    });
  }

  it('reads an escape as JSON does', () => {
    expect(isIn('{"note":"hello\\nann@example.com"}', 'nann@example.com')).to.equal(false);
  });

  it('finds an internationalised domain in both forms', () => {
    for (const text of [
      '"ANN@Bücher.example"',
      '"ann@xn--bcher-kva.example"',
      '"ann@bu\u0308cher.example"',
    ]) {
      expect(isIn(text, 'ann@xn--bcher-kva.example'), text).to.equal(true);
    }
  });

  it('finds it in Base64 on many lines, and behind what was cut off', () => {
    const base64 = Buffer.from(`{"note":"${'x'.repeat(90)}","email":"${email}"}`).toString('base64');
    expect(isIn((base64.match(/.{1,76}/gu) ?? []).join('\r\n'), email)).to.equal(true);
    const packed = gzipSync(`${email} ${'some text '.repeat(1000)}`);
    expect(containsAddress(packed.subarray(0, -12), email)).to.equal(true);
  });

  it('needs time that grows with the length of a message, and not with its square', () => {
    for (const hostile of ['a', '@', 'a@', '\\', '%40', '&#', '\0']) {
      expect(isIn(hostile.repeat(300_000 / hostile.length), email), hostile).to.equal(false);
    }
  });

  describe('in any format', () => {
    const label = fc.stringMatching(/^[a-z0-9]{1,12}$/u).filter((text) => !/^xn/u.test(text));
    const dotted = (parts: fc.Arbitrary<string>) =>
      fc.array(parts, { minLength: 1, maxLength: 3 }).map((each) => each.join('.'));
    /** Without characters that also separate an address from other text, such as in `email=ann@example.com`. */
    const plainLocal = dotted(fc.stringMatching(/^[a-z0-9_+-]{1,10}$/u));
    const anyLocal = dotted(fc.stringMatching(/^[a-z0-9!#$%&'*+/=?^_`{|}~-]{1,10}$/u));
    const topLevel = fc.constantFrom('com', 'example', 'xn--p1ai');
    const domain = fc.tuple(
      fc.oneof(label, fc.constantFrom('xn--bcher-kva', 'xn--caf-dma', 'xn--fiqs8s')),
      topLevel,
    );
    const addresses = (local: fc.Arbitrary<string>) =>
      fc
        .tuple(local, domain)
        .map(([name, labels]) => `${name}@${labels.join('.')}`)
        .filter((address) => normalizedAddress(address) === address);

    const fullwidth = (text: string) =>
      text.replaceAll(/[!-~]/gu, (character) => String.fromCodePoint(character.charCodeAt(0) + 0xfee0));
    const spellings: ((address: string) => string)[] = [
      (address) => address,
      (address) => address.toUpperCase(),
      fullwidth,
      (address) => {
        const at = address.indexOf('@');
        return `${address.slice(0, at)}@${domainToUnicode(address.slice(at + 1))}`;
      },
    ];
    const swapped = (bytes: Buffer) => Buffer.from(bytes).swap16();
    const encodings: ((text: string) => Buffer)[] = [
      (text) => Buffer.from(text),
      (text) => Buffer.from(text.normalize('NFD')),
      (text) => Buffer.from(text, 'utf16le'),
      (text) => Buffer.from(`\ufeff${text}`, 'utf16le'),
      (text) => Buffer.from(`\n${text}`, 'utf16le').subarray(1),
      (text) => swapped(Buffer.from(text, 'utf16le')),
      (text) => swapped(Buffer.from(`\ufeff${text}`, 'utf16le')),
      (text) => Buffer.from(JSON.stringify({ inner: text })),
      (text) => Buffer.from(encodeURIComponent(text)),
      (text) =>
        Buffer.from(
          Array.from(text, (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`).join(
            '',
          ),
        ),
    ];
    const wrappings: ((bytes: Buffer) => Buffer)[] = [
      (bytes) => bytes,
      (bytes) => gzipSync(bytes),
      (bytes) => deflateSync(bytes),
      (bytes) => Buffer.from(`{"data":"${bytes.toString('base64')}"}`),
      (bytes) => Buffer.from(`data:${bytes.toString('base64url')}`),
      (bytes) => Buffer.from(`{"data":"${gzipSync(bytes).toString('base64')}"}`),
    ];
    const message = (address: fc.Arbitrary<string>) =>
      fc.record({
        address,
        spelling: fc.constantFrom(...spellings),
        encode: fc.constantFrom(...encodings),
        wrap: fc.constantFrom(...wrappings),
      });
    const text = (spelt: string) => `{"customer": {"email": "${spelt}"}}`;

    it('any address is found', () => {
      fc.assert(
        fc.property(message(addresses(anyLocal)), ({ address, spelling, encode, wrap }) => {
          expect(containsAddress(wrap(encode(text(spelling(address)))), address)).to.equal(true);
        }),
        { numRuns: 500 },
      );
    });

    it('an unrelated address is not found', () => {
      const neighbours: ((address: string) => string)[] = [
        (address) => `x${address}`,
        (address) => address.slice(1),
        (address) => `a.${address}`,
        (address) => `n${address}`,
        (address) => `${address}.mx`,
        (address) => `${address}x`,
        (address) => address.replace('@', 'x@'),
        (address) => address.replace('@', '@x.'),
      ];
      fc.assert(
        fc.property(
          message(addresses(plainLocal)),
          fc.oneof(
            addresses(plainLocal).map((other) => () => other),
            fc.constantFrom(...neighbours),
          ),
          ({ address, spelling, encode, wrap }, neighbour) => {
            const other = neighbour(address);
            fc.pre(normalizedAddress(other) === other && other !== address);
            expect(containsAddress(wrap(encode(text(spelling(address)))), other)).to.equal(false);
          },
        ),
        { numRuns: 500 },
      );
    });
  });
});
