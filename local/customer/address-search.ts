import { domainToUnicode } from 'node:url';

/** Finds one address in texts, however whoever wrote them spelt it. */
export interface AddressSearch {
  isIn(text: string): boolean;
}

/**
 * The text need not be JSON, for what is in quarantine often is not; escapes of JSON and of URLs are understood, and so
 * is a domain that is not in ASCII. An address that only ends or begins like this one is another one.
 * @param email normalised.
 */
export function searchFor(email: string): AddressSearch {
  const at = email.lastIndexOf('@');
  const spellings = [email, `${email.slice(0, at + 1)}${domainToUnicode(email.slice(at + 1))}`];
  const alternatives = spellings.map(literally).join('|');
  const pattern = new RegExp(
    `(?<![\\p{L}\\p{N}._+'-])(?:${alternatives})(?![\\p{L}\\p{N}-]|\\.[\\p{L}\\p{N}])`,
    'u',
  );
  return { isIn: (text) => pattern.test(unescaped(text).toLowerCase()) };
}

function literally(text: string): string {
  return text.replaceAll(/[$()*+.?[\\\]^{|}/]/gu, String.raw`\$&`);
}

function unescaped(text: string): string {
  return text.replaceAll(/\\u([\da-f]{4})|%(40|2b)/giu, (_, unit: string | undefined, byte: string) =>
    String.fromCharCode(Number.parseInt(unit ?? byte, 16)),
  );
}
