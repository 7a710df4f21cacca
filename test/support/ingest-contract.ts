import { readFileSync } from 'node:fs';
import { Ajv2020 } from 'ajv/dist/2020.js';
import formats from 'ajv-formats';
import { parse } from 'yaml';

interface Header {
  readonly required?: boolean;
  readonly schema: object;
}

interface Answer {
  readonly headers?: Readonly<Record<string, Header>>;
  readonly content: { readonly 'application/json': { readonly schema: object; readonly example?: unknown } };
}

interface Contract {
  readonly paths: {
    readonly '/': { readonly post: { readonly responses: Readonly<Record<string, Answer>> } };
  };
}

const contract = parse(readFileSync('docs/ingest.openapi.yaml', 'utf8')) as Contract;

/** The answers that the contract promises to vendors, by status. */
export const answers = contract.paths['/'].post.responses;

const ajv = new Ajv2020({ strict: false });
formats.default(ajv);
ajv.addFormat('idn-email', true);
ajv.addSchema(contract, 'contract');
ajv.addSchema(
  JSON.parse(readFileSync('docs/schemas/transaction.v1.json', 'utf8')) as object,
  'schemas/transaction.v1.json',
);

/** Where an answer breaks the contract; empty when it does not. */
export function breaches(status: number, headers: Headers, body: unknown): string[] {
  const answer = answers[status];
  if (answer === undefined) return [`the status ${status} is not in the contract`];
  const wrongHeaders = Object.entries(answer.headers ?? {})
    .filter(([name, { schema }]) => !ajv.validate(schema, headers.get(name)))
    .map(([name]) => `the header ${name} is ${headers.get(name) ?? 'not there'}`);
  const pointer = `contract#/paths/~1/post/responses/${status}/content/application~1json/schema`;
  const fits = ajv.validate({ $ref: pointer }, body);
  return [...wrongHeaders, ...(fits ? [] : [ajv.errorsText()])];
}

/** Whether the contract lets a vendor send this body. */
export function isRequest(body: unknown): boolean {
  return ajv.validate({ $ref: 'contract#/paths/~1/post/requestBody/content/application~1json/schema' }, body);
}

export const requestExample = (
  contract as unknown as {
    paths: { '/': { post: { requestBody: { content: { 'application/json': { example: unknown } } } } } };
  }
).paths['/'].post.requestBody.content['application/json'].example;
