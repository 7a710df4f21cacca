import { readFileSync } from 'node:fs';
import { Ajv2020, type ErrorObject } from 'ajv/dist/2020.js';
import formats from 'ajv-formats';
import { parse } from 'yaml';

const CONTRACT = new URL('../../../docs/analytics.openapi.yaml', import.meta.url);

/** The schemas of whole messages. */
type MessageSchema = 'Question' | 'Answer' | 'Faults';

const ajv = new Ajv2020({ allErrors: true, strict: false });
formats.default(ajv);
ajv.addSchema(parse(readFileSync(CONTRACT, 'utf8')) as object, 'contract');

/** How a message breaks the contract, one line for each fault; empty when it does not. Repeats no values. */
export function faultsIn(message: unknown, schema: MessageSchema): string[] {
  const validate = ajv.getSchema(`contract#/components/schemas/${schema}`);
  if (validate === undefined) throw new TypeError(`docs/analytics.openapi.yaml has no schema ${schema}`);
  return validate(message) === true ? [] : (validate.errors ?? []).map(faultLine);
}

function faultLine({ instancePath, message = 'does not fit', params }: ErrorObject): string {
  const field = 'additionalProperty' in params ? `: ${String(params['additionalProperty'])}` : '';
  return `${instancePath || 'the whole'} ${message}${field}`;
}
