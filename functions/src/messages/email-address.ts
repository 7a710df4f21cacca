import { domainToASCII } from 'node:url';
import * as z from 'zod';

/**
 * An email address in the one form that is hashed and mailed: trimmed, lower case, its domain in ASCII (IDNA).
 * The local part is lowered as well: no mailbox provider of note tells `Ann@` from `ann@`, and one person must
 * not become two customers.
 */
export const emailAddress = z
  .string()
  .max(320)
  .transform(normalizeEmail)
  .pipe(z.string().refine(isDeliverable, { error: 'is not an email address' }))
  .meta({
    format: 'idn-email',
    description: 'Trimmed, lower-cased, and its domain turned to ASCII, before anything else.',
  });

function normalizeEmail(address: string): string {
  const trimmed = address.trim().toLowerCase();
  const at = trimmed.lastIndexOf('@');
  const domain = trimmed.slice(at + 1);
  // domainToASCII reads a URL's host: it would decode %41 and take a port or a path for part of one.
  if (at < 1 || /[^\p{L}\p{M}\p{N}.-]/u.test(domain)) return trimmed;
  return `${trimmed.slice(0, at)}@${domainToASCII(domain)}`;
}

/** The pattern of HTML, less what it lets through and no mail server takes (RFC 5321, 4.1.2 and 4.5.3.1). */
function isDeliverable(address: string): boolean {
  const [local = '', domain = ''] = address.split('@');
  const dotsMisplaced = /^\.|\.$|\.\./u.test(local);
  const topLevelDomain = /\.([a-z][a-z0-9-]*)$/u.test(domain);
  const wellFormed = z.regexes.html5Email.test(address);
  return wellFormed && !dotsMisplaced && topLevelDomain && local.length <= 64 && address.length <= 254;
}
