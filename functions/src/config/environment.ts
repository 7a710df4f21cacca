import { createPublicKey } from 'node:crypto';
import ms from 'ms';
import * as z from 'zod';
import type { Millis } from '../domain/time.ts';

/** The variables of the environment. */
export type Environment = Readonly<Record<string, string | undefined>>;

export const secret = z.string().min(32, { error: 'must have at least 32 characters' });

export const duration = (byDefault: string) =>
  z
    .string()
    .default(byDefault)
    .transform((text): Millis | undefined => ms(text as ms.StringValue))
    .refine((value) => value !== undefined && value >= 0, {
      error: 'must be a duration such as 7d, 48h, 90s or 800ms',
    })
    .transform(Number);

export const count = (byDefault: number) => z.coerce.number().int().min(0).default(byDefault);
export const share = z.coerce.number().min(0).max(1).default(0);
export const httpUrl = z.url({ protocol: /^https?$/u, error: 'must be a URL that begins with https://' });
export const flag = z
  .enum(['true', 'false'])
  .default('false')
  .transform((value) => value === 'true');

/** One or more entries, separated by commas. */
export const list = z.string().transform((text) => text.split(',').map((entry) => entry.trim()));

/** The public half of an ECDSA key pair over P-256: base64 of its DER form. */
export const ecdsaPublicKey = z.string().transform((base64, context) => {
  try {
    const key = createPublicKey({ key: Buffer.from(base64, 'base64'), format: 'der', type: 'spki' });
    if (key.asymmetricKeyDetails?.namedCurve === 'prime256v1') return key;
  } catch {
    // Node's message about an unreadable key does not help.
  }
  context.addIssue({ code: 'custom', message: 'must be an ECDSA public key over P-256, in base64' });
  return z.NEVER;
});

/** The environment lacks variables, or they have faults. */
export class ConfigError extends Error {
  override readonly name = 'ConfigError';
}

/** Checks variables as a whole; an empty one counts as not set. @throws ConfigError naming every fault at once. */
export function parseEnvironment<T extends z.ZodType>(schema: T, env: Environment): z.output<T> {
  const given = Object.entries(env).filter(([, value]) => value !== undefined && value !== '');
  const parsed = schema.safeParse(Object.fromEntries(given));
  if (parsed.success) return parsed.data;
  const faults = variableFaults(parsed.error, new Set(given.map(([name]) => name)));
  throw new ConfigError(
    `The configuration has faults; see docs/configuration.md:\n${faults.map((fault) => `- ${fault}`).join('\n')}`,
  );
}

/** One line for each fault. Names the variables and never their values, some of which are secrets. */
export function variableFaults(
  error: z.ZodError,
  given: ReadonlySet<string>,
  nameOf = (variable: string) => variable,
): string[] {
  return error.issues.map(({ path: [path], message }) => {
    const variable = String(path);
    return `${nameOf(variable)}: ${given.has(variable) ? message : 'is not set'}`;
  });
}
