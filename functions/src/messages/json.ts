import type * as z from 'zod';
import type { MessageFault } from '../domain/quarantine.ts';

/** A message with a hundred faults is one fault: its publisher needs the first few. */
const MAX_DETAILS = 20;

/** Reads a message as JSON in UTF-8, as RFC 8259 wants it. */
export function parseJson(data: Uint8Array): { value: unknown; text: string } | { fault: MessageFault } {
  try {
    const text = new TextDecoder('utf-8', { fatal: true }).decode(data);
    return { value: JSON.parse(text), text };
  } catch (error) {
    // The parser's own words quote the message, which may hold personal data.
    const detail = error instanceof SyntaxError ? 'is not JSON' : 'is not UTF-8 text';
    return { fault: { reason: 'invalid-json', details: [`the message data ${detail}`] } };
  }
}

/** Says which field is wrong and what it must be, and never what it held. */
export function faultDetails(error: z.ZodError): string[] {
  return error.issues.slice(0, MAX_DETAILS).map((issue) => `${fieldName(issue.path)}: ${issue.message}`);
}

function fieldName(path: readonly PropertyKey[]): string {
  if (path.length === 0) return 'the message';
  return path.reduce<string>(
    (name, key) => (typeof key === 'number' ? `${name}[${key}]` : `${name}${name && '.'}${String(key)}`),
    '',
  );
}
