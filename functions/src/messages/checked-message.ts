import type * as z from 'zod';
import type { MessageFault, QuarantineReason } from '../domain/quarantine.ts';
import { faultDetails, parseJson } from './json.ts';

/**
 * Reads a message and checks it against its contract.
 * @param invalid the reason to give for a message that breaks it, unless it is the version that is wrong.
 */
export function checkedMessage<T extends z.ZodType>(
  data: Uint8Array,
  contract: T,
  invalid: QuarantineReason,
): { value: z.output<T> } | { fault: MessageFault } {
  const json = parseJson(data);
  if ('fault' in json) return json;
  const parsed = contract.safeParse(json.value);
  if (parsed.success) return { value: parsed.data };
  const versionIsWrong = parsed.error.issues.some(({ path }) => path[0] === 'version');
  const reason = versionIsWrong ? 'unsupported-version' : invalid;
  return { fault: { reason, details: faultDetails(parsed.error) } };
}
