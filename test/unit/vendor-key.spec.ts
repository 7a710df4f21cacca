import { expect } from 'chai';
import { vendorKey, vendorOf, type VendorKey } from '../../functions/src/domain/vendor-key.ts';

describe('the key of a vendor', () => {
  const keys = [
    vendorKey('acme', 'acme-key-of-at-least-32-characters-1'),
    vendorKey('acme', 'acme-key-of-at-least-32-characters-2'),
    vendorKey('rival', 'another-key-of-at-least-32-characters'),
  ];

  it('identifies its vendor, also during a rotation', () => {
    expect(vendorOf('acme-key-of-at-least-32-characters-1', keys)).to.equal('acme');
    expect(vendorOf('acme-key-of-at-least-32-characters-2', keys)).to.equal('acme');
    expect(vendorOf('another-key-of-at-least-32-characters', keys)).to.equal('rival');
  });

  for (const presented of ['', 'acme', 'acme-key-of-at-least-32-characters-', 'x'.repeat(100_000)]) {
    it(`is not ${JSON.stringify(presented.slice(0, 40))}`, () => {
      expect(vendorOf(presented, keys)).to.equal(undefined);
    });
  }

  it('is compared with every known key, whether the first matches or none', () => {
    const compared: string[] = [];
    const recording = keys.map(({ vendor, digest }, index): VendorKey => ({
      vendor,
      get digest() {
        compared.push(`${vendor} ${index}`);
        return digest;
      },
    }));
    for (const presented of ['acme-key-of-at-least-32-characters-1', 'unknown']) {
      vendorOf(presented, recording);
      expect(compared.splice(0)).to.deep.equal(['acme 0', 'acme 1', 'rival 2']);
    }
  });
});
