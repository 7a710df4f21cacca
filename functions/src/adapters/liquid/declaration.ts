import * as z from 'zod';
import { hidesSomething } from '../../domain/text.ts';
import { safeText } from '../safe-text.ts';

/** The variables that a template declares in `templates/NAME/template.yaml`, and the checks of their values. */

const about = z.string().min(1);
const maxLength = z.int().positive();
const optional = z.boolean().default(false);

/** A variable as a template declares it. Lengths count characters. */
export const variableDeclaration = z.discriminatedUnion('type', [
  z.strictObject({ type: z.literal('text'), about, maxLength, optional }),
  z.strictObject({ type: z.literal('url'), about, optional }),
  z.strictObject({
    type: z.literal('list'),
    about,
    minItems: z.int().min(0),
    maxItems: z.int().positive(),
    /** The texts that make up one item. */
    fields: z.record(z.string(), z.strictObject({ maxLength })),
    optional,
  }),
]);
export type VariableDeclaration = z.infer<typeof variableDeclaration>;

/** The longest URL that a button may lead to, in characters. */
const MAX_URL_LENGTH = 2000;

/**
 * The schema of a template's variables: every declared variable is present and valid, and there are no others.
 * @param linkHosts the hosts a URL may lead to; their subdomains are included.
 */
export function variablesSchema(
  declarations: Readonly<Record<string, VariableDeclaration>>,
  linkHosts: readonly string[],
): z.ZodType<Record<string, unknown>> {
  const fields = Object.entries(declarations).map(([name, declaration]) => {
    const schema = variableSchema(declaration, linkHosts);
    return [name, declaration.optional ? schema.optional() : schema] as const;
  });
  return z.strictObject(Object.fromEntries(fields));
}

function variableSchema(declaration: VariableDeclaration, linkHosts: readonly string[]): z.ZodType {
  switch (declaration.type) {
    case 'text':
      return safeText(declaration.maxLength);
    case 'url':
      return safeUrl(linkHosts);
    case 'list': {
      const fields = Object.entries(declaration.fields).map(([name, field]) => [
        name,
        safeText(field.maxLength),
      ]);
      return z
        .array(z.strictObject(Object.fromEntries(fields)))
        .min(declaration.minItems)
        .max(declaration.maxItems);
    }
  }
}

function safeUrl(hosts: readonly string[]): z.ZodType<string> {
  return z
    .string()
    .max(MAX_URL_LENGTH)
    .refine((value) => leadsTo(value, hosts), {
      error: `must be an https address on one of: ${hosts.join(', ')}`,
    });
}

function leadsTo(address: string, hosts: readonly string[]): boolean {
  if (hidesSomething(address) || !URL.canParse(address)) return false;
  const url = new URL(address);
  const plain = url.protocol === 'https:' && url.username === '' && url.password === '' && url.port === '';
  return plain && hosts.some((host) => url.hostname === host || url.hostname.endsWith(`.${host}`));
}
