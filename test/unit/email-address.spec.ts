import { expect } from 'chai';
import fc from 'fast-check';
import { emailAddress } from '../../functions/src/messages/email-address.ts';

describe('an email address', () => {
  const normalized: [given: string, expected: string][] = [
    ['ann@example.com', 'ann@example.com'],
    ['  Ann.Lee@EXAMPLE.com\n', 'ann.lee@example.com'],
    ['ann+fridge@example.co.uk', 'ann+fridge@example.co.uk'],
    ["o'neil_5@sub.example.org", "o'neil_5@sub.example.org"],
    ['ann@BÜCHER.example', 'ann@xn--bcher-kva.example'],
    ['ann@пример.рф', 'ann@xn--e1afmkfd.xn--p1ai'],
  ];
  for (const [given, expected] of normalized) {
    it(`${JSON.stringify(given)} is normalised to ${expected}`, () => {
      expect(emailAddress.parse(given)).to.equal(expected);
    });
  }

  const invalid = [
    '',
    '@',
    'ann',
    'ann@',
    '@example.com',
    'ann@example',
    'ann@127.0.0.1',
    'ann@[127.0.0.1]',
    'ann@exa mple.com',
    'ann@example.com, bob@example.com',
    'ann@@example.com',
    '.ann@example.com',
    'ann.@example.com',
    'a..n@example.com',
    'ann@example..com',
    'ann@-example.com',
    'ann@example.com/x',
    'ann@ex%61mple.com',
    'ann@example.com:25',
    'ann@example.com\r\nBcc: bob@example.com',
    '"ann lee"@example.com',
    'jörg@example.com',
    `${'a'.repeat(65)}@example.com`,
    `ann@${'a'.repeat(64)}.com`,
    `ann@${'abcdefghi.'.repeat(25)}com`,
  ];
  for (const address of invalid) {
    it(`${JSON.stringify(address.slice(0, 40))} is invalid`, () => {
      expect(emailAddress.safeParse(address).success).to.equal(false);
    });
  }

  it('does not change when it is normalised again', () => {
    fc.assert(
      fc.property(fc.emailAddress(), (address) => {
        const first = emailAddress.safeParse(address);
        if (first.success) expect(emailAddress.parse(first.data)).to.equal(first.data);
      }),
    );
  });

  it('means the same customer in any notation', () => {
    const written = (address: string) =>
      fc.constantFrom(address, address.toUpperCase(), ` ${address}`, `${address}\t`);
    fc.assert(
      fc.property(
        fc
          .constantFrom('ann@example.com', 'bob.b@bücher.example')
          .chain((address) => fc.tuple(written(address), written(address))),
        ([one, other]) => {
          expect(emailAddress.parse(one)).to.equal(emailAddress.parse(other));
        },
      ),
    );
  });
});
