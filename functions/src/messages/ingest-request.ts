import type { MessageFault } from '../domain/quarantine.ts';
import type { EpochMs } from '../domain/time.ts';
import { parseJson } from './json-message.ts';
import { checkedTransaction } from './transaction.ts';

/** The most transactions one request may hold. */
export const MAX_ENTRIES = 500;

/** What is wrong with a request as a whole; docs/ingest.openapi.yaml lists the codes. */
export interface IngestFault {
  readonly code: 'invalid-json' | 'not-transactions' | 'no-transactions' | 'too-many-transactions';
  readonly message: string;
}

/** One transaction of a request: as it is published, or what is wrong with it. */
export type DecodedEntry =
  { readonly data: Uint8Array; readonly leftOut?: readonly string[] } | { readonly fault: MessageFault };

/**
 * Decodes the body of a vendor's request, one transaction or a list of them, into one JSON text for each. Parsing loses the
 * notation of numbers (`1.50` becomes `1.5`) and all but the last of duplicate keys; neither has a meaning in the contract.
 */
export function decodeIngestRequest(
  body: Uint8Array,
  now: EpochMs,
): { entries: readonly DecodedEntry[] } | { fault: IngestFault } {
  const json = parseJson(body);
  if ('fault' in json) return fault('invalid-json', 'The body is not JSON in UTF-8.');
  if (typeof json.value !== 'object' || json.value === null) {
    return fault('not-transactions', 'The body must be one transaction or a list of transactions.');
  }
  const values: readonly unknown[] = Array.isArray(json.value) ? json.value : [json.value];
  if (values.length === 0) return fault('no-transactions', 'The list is empty.');
  if (values.length > MAX_ENTRIES) {
    const message = `A request may hold ${MAX_ENTRIES} transactions, and this one holds ${values.length}.`;
    return fault('too-many-transactions', message);
  }
  return { entries: values.map((value) => decodeEntry(value, now)) };
}

function decodeEntry(value: unknown, now: EpochMs): DecodedEntry {
  const checked = checkedTransaction(value, now);
  if ('fault' in checked) return checked;
  const { leftOut } = checked.value;
  try {
    return { data: Buffer.from(JSON.stringify(value)), ...(leftOut && { leftOut }) };
  } catch {
    // V8 parses JSON of any depth, but runs out of stack when it writes deep JSON.
    return { fault: { reason: 'invalid-transaction', details: ['the message: is nested too deeply'] } };
  }
}

function fault(code: IngestFault['code'], message: string): { fault: IngestFault } {
  return { fault: { code, message } };
}
