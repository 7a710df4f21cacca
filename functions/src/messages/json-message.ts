import type * as z from 'zod';
import type { Decoded, MessageFault, QuarantineReason } from '../domain/quarantine.ts';
import { faultLines } from '../faults.ts';

/** Parses a message as JSON in UTF-8 (RFC 8259). */
export function parseJson(data: Uint8Array): Decoded<unknown> {
  try {
    return { value: JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(data)) };
  } catch (error) {
    // The parser's own message quotes the data, which may be personal.
    const detail = error instanceof SyntaxError ? 'is not JSON' : 'is not UTF-8 text';
    return { fault: { reason: 'invalid-json', details: [`the message data ${detail}`] } };
  }
}

/**
 * Parses a message and checks it against its contract.
 * @param invalid the reason for a message that breaks the contract, unless its version is not supported.
 */
export function checkedMessage<T extends z.ZodType>(
  data: Uint8Array,
  contract: T,
  invalid: QuarantineReason,
): Decoded<z.output<T>> {
  const json = parseJson(data);
  if ('fault' in json) return json;
  const parsed = contract.safeParse(json.value);
  return parsed.success ? { value: parsed.data } : { fault: faultOf(parsed.error.issues, invalid) };
}

/** The fault of a message that breaks its contract. */
export function faultOf(issues: z.core.$ZodIssue[], invalid: QuarantineReason): MessageFault {
  const versionIsWrong = issues.some(({ path }) => path[0] === 'version');
  const reason = versionIsWrong ? 'unsupported-version' : invalid;
  return { reason, details: faultLines({ issues }, 'the message') };
}
