import { createHash, timingSafeEqual } from 'node:crypto';

/** A key by which a vendor is known. Only its digest is kept. */
export interface VendorKey {
  readonly vendor: string;
  readonly digest: Uint8Array;
}

export function vendorKey(vendor: string, key: string): VendorKey {
  return { vendor, digest: digestOf(key) };
}

/**
 * Whose key this is. How long it takes says nothing about any key: digests have one length, are compared in constant
 * time, and every one of them is compared, whether one has matched already or not.
 */
export function vendorOf(presented: string, keys: readonly VendorKey[]): string | undefined {
  const digest = digestOf(presented);
  const matching = keys.filter((key) => timingSafeEqual(key.digest, digest));
  return matching[0]?.vendor;
}

function digestOf(key: string): Uint8Array {
  return createHash('sha256').update(key).digest();
}
