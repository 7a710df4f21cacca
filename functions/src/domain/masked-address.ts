/**
 * An address that its owner recognises and that tells nobody else: `a•••@e•••.com` for `ann@example.com`.
 * @param address normalised.
 */
export function maskedAddress(address: string): string {
  const at = address.lastIndexOf('@');
  const topLevelDomain = address.slice(address.lastIndexOf('.') + 1);
  return `${address.charAt(0)}•••@${address.charAt(at + 1)}•••.${topLevelDomain}`;
}
