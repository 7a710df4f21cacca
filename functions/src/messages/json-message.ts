import type * as z from 'zod';
import type { Decoded, QuarantineReason } from '../domain/quarantine.ts';
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
  return 'fault' in json ? json : checkedValue(json.value, contract, invalid);
}

/** Checks a parsed value against its contract, as `checkedMessage` does. */
export function checkedValue<T extends z.ZodType>(
  value: unknown,
  contract: T,
  invalid: QuarantineReason,
): Decoded<z.output<T>> {
  const parsed = contract.safeParse(value);
  if (parsed.success) return { value: parsed.data };
  const versionIsWrong = parsed.error.issues.some(({ path }) => path[0] === 'version');
  const reason = versionIsWrong ? 'unsupported-version' : invalid;
  return { fault: { reason, details: faultLines(parsed.error, 'the message') } };
}
