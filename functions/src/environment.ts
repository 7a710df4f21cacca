import { createPublicKey } from 'node:crypto';
import ms from 'ms';
import * as z from 'zod';

/** Where configuration comes from. */
export type Environment = Readonly<Record<string, string | undefined>>;

export const secret = z.string().min(32, { error: 'must have at least 32 characters' });

/** In ms. */
export const duration = (byDefault: string) =>
  z
    .string()
    .default(byDefault)
    .transform((text) => ms(text as ms.StringValue) as number | undefined)
    .refine((value) => value !== undefined && value >= 0, {
      error: 'must be a duration such as 7d, 48h, 90s or 800ms',
    })
    .transform(Number);

export const atLeastOne = (byDefault: number) => z.coerce.number().int().min(1).default(byDefault);
export const share = z.coerce.number().min(0).max(1).default(0);
export const httpUrl = z.url({ protocol: /^https?$/u, error: 'must be a URL that begins with https://' });
export const flag = z
  .enum(['true', 'false'])
  .default('false')
  .transform((value) => value === 'true');

/** One or more, separated by commas. */
export const list = z.string().transform((text) => text.split(',').map((entry) => entry.trim()));

/** The public half of an ECDSA key pair over P-256: base64 of its DER form. */
export const ecdsaPublicKey = z.string().transform((base64, context) => {
  try {
    const key = createPublicKey({ key: Buffer.from(base64, 'base64'), format: 'der', type: 'spki' });
    if (key.asymmetricKeyDetails?.namedCurve === 'prime256v1') return key;
  } catch {
    // What Node says of a key that it cannot read helps nobody.
  }
  context.addIssue({ code: 'custom', message: 'must be an ECDSA public key over P-256, in base64' });
  return z.NEVER;
});

/** The environment does not say what it must. */
export class ConfigError extends Error {
  override readonly name = 'ConfigError';
}

/** Checks variables as a whole; an empty one is one that is not set. @throws ConfigError naming every fault at once. */
export function parseEnvironment<T extends z.ZodType>(schema: T, env: Environment): z.output<T> {
  const given = Object.entries(env).filter(([, value]) => value !== undefined && value !== '');
  const parsed = schema.safeParse(Object.fromEntries(given));
  if (parsed.success) return parsed.data;
  throw new ConfigError(
    `The configuration has faults; see docs/configuration.md:\n${faults(parsed.error, given)}`,
  );
}

/** Names the variables, never their values: some of them are secrets. */
function faults(error: z.ZodError, given: [string, unknown][]): string {
  const names = new Set(given.map(([name]) => name));
  return error.issues
    .map(
      ({ path: [variable], message }) =>
        `- ${String(variable)}: ${names.has(String(variable)) ? message : 'is not set'}`,
    )
    .join('\n');
}
