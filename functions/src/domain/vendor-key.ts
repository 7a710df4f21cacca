import { createHash, timingSafeEqual } from 'node:crypto';

/** A key that identifies a vendor. Only its digest is kept. */
export interface VendorKey {
  readonly vendor: string;
  readonly digest: Uint8Array;
}

export function vendorKey(vendor: string, key: string): VendorKey {
  return { vendor, digest: digestOf(key) };
}

/**
 * The vendor with this key. The time it takes reveals nothing about any key: digests have one length, are compared in
 * constant time, and all of them are compared, even after a match.
 */
export function vendorOf(presented: string, keys: readonly VendorKey[]): string | undefined {
  const digest = digestOf(presented);
  const matching = keys.filter((key) => timingSafeEqual(key.digest, digest));
  return matching[0]?.vendor;
}

function digestOf(key: string): Uint8Array {
  return createHash('sha256').update(key).digest();
}
