import { parseJson } from './json.ts';

/** The most transactions one request may hold. */
export const MAX_ENTRIES = 500;

/** What is wrong with a request as a whole; docs/ingest.openapi.yaml lists the codes. */
export interface IngestFault {
  readonly code: 'invalid-json' | 'not-transactions' | 'no-transactions' | 'too-many-transactions';
  readonly message: string;
}

/**
 * Reads the body of a vendor's request: one transaction, or a list of them. Each comes back as the JSON that the vendor
 * wrote, unchecked: what is published says all that the vendor said, digit by digit.
 */
export function decodeIngestRequest(body: Uint8Array): { entries: Buffer[] } | { fault: IngestFault } {
  const json = parseJson(body);
  if ('fault' in json) return fault('invalid-json', 'The body is not JSON in UTF-8.');
  if (typeof json.value !== 'object' || json.value === null) {
    return fault('not-transactions', 'The body must be one transaction or a list of transactions.');
  }
  if (!Array.isArray(json.value)) return { entries: [Buffer.from(json.text)] };
  const { length } = json.value;
  if (length === 0) return fault('no-transactions', 'The list is empty.');
  if (length > MAX_ENTRIES) {
    const message = `A request may hold ${MAX_ENTRIES} transactions, and this one holds ${length}.`;
    return fault('too-many-transactions', message);
  }
  return { entries: elementsOf(json.text).map((element) => Buffer.from(element)) };
}

/** Characters that matter to where an element ends: a whole string, a bracket, a comma. */
const TOKEN = /"[^"\\]*(?:\\.[^"\\]*)*"|[[\]{},]/gu;

/** The elements of a list, as they are written. @param list valid JSON, not empty. */
function elementsOf(list: string): string[] {
  const elements: string[] = [];
  let depth = 0;
  let start = 0;
  for (const { 0: token, index } of list.matchAll(TOKEN)) {
    if (token === '[' || token === '{') depth += 1;
    else if (token === ']' || token === '}') depth -= 1;
    if (depth === 1 && token === '[') start = index + 1;
    if ((depth === 1 && token === ',') || depth === 0) {
      elements.push(list.slice(start, index));
      start = index + 1;
    }
  }
  return elements;
}

function fault(code: IngestFault['code'], message: string): { fault: IngestFault } {
  return { fault: { code, message } };
}
