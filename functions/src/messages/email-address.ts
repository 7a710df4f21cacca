import { domainToASCII } from 'node:url';
import * as z from 'zod';

/**
 * An email address in the one form that is hashed and mailed: trimmed, lower case, its domain in ASCII (IDNA).
 * The local part becomes lower case as well: no major mailbox provider distinguishes `Ann@` from `ann@`, and one person
 * must not become two customers.
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
  // domainToASCII reads the host of a URL: it would decode %41 and accept a port or a path.
  if (at < 1 || /[^\p{L}\p{M}\p{N}.-]/u.test(domain)) return trimmed;
  return `${trimmed.slice(0, at)}@${domainToASCII(domain)}`;
}

/** HTML's pattern, without what it accepts but no mail server does (RFC 5321, 4.1.2 and 4.5.3.1). */
function isDeliverable(address: string): boolean {
  const [local = '', domain = ''] = address.split('@');
  const dotsMisplaced = /^\.|\.$|\.\./u.test(local);
  const topLevelDomain = /\.([a-z][a-z0-9-]*)$/u.test(domain);
  const wellFormed = z.regexes.html5Email.test(address);
  return wellFormed && !dotsMisplaced && topLevelDomain && local.length <= 64 && address.length <= 254;
}
